"""The body of an answer: what was written, the signature, the last message, pictures in place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.defaultfilters import date as format_date
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from emailhub import mail, store
from emailhub.accounts.models import Advisor
from emailhub.hub.models import Identity

from .answer import Answer
from .forwarding import Forwarded
from .linked_files import MARK as LINKS
from .models import Attachment, Message, Ticket

_SIGNATURE = "<div><br></div><div data-signature>"
_BELOW = (LINKS, _SIGNATURE, '<div class="gmail_quote">')  # what stands below the writer's own words
_SOURCE = re.compile(r"""src=["']([^"']{1,500})["']""")


@dataclass(frozen=True)
class Body:
    html: str
    text: str
    new_text: str  # without signature and history
    inline: tuple[mail.Attachment, ...]
    attachments: tuple[mail.Attachment, ...]
    content_ids: dict[UUID, str]  # of the uploads that are shown in place


def build_body(
    ticket: Ticket,
    answer: Answer,
    *,
    by: Advisor,
    parent: Message | None,
    uploads: list[Attachment],
    links: tuple[str, str] = ("", ""),
    passed_on: Forwarded | None = None,
) -> Body:
    """Put the parts of an answer together, as HTML and as the text that says the same.

    `links` are the words about files that do not fit, in both forms. Below stands what it answers, or in
    its place what it passes on.
    """
    content_ids = {u.public_id: f"{u.public_id}@emailhub" for u in uploads if str(u.public_id) in answer.html}
    written = mail.sanitise_outgoing(answer.html, images=_images(answer.html, content_ids))
    identity = Identity.objects.filter(team_id=ticket.team_id).first()
    signature = _signature(ticket, answer, by, identity)
    quote_html, quote_text = _quote(ticket, answer, parent, identity)
    if passed_on:
        quote_html, quote_text = passed_on.html, passed_on.text
        content_ids |= {id: cid for id, cid in passed_on.content_ids.items() if cid in quote_html}
        uploads = [*uploads, *passed_on.files]
    new_text = mail.plain_text(written)
    links_html, links_text = links
    text = f"{new_text}\n\n{links_text}" if links_text else new_text
    if signature:
        text += f"\n\n-- \n{mail.plain_text(signature)}"
    if quote_text:
        text += f"\n\n{quote_text}"
    block = f"{_SIGNATURE}{signature}</div>" if signature else ""
    files = [(upload, store.get(upload.company_id, upload.content_key)) for upload in uploads]
    return Body(
        html=f"{written}{links_html}{block}{quote_html}",
        text=text,
        new_text=new_text,
        inline=tuple(
            _as_part(u, c, content_ids[u.public_id]) for u, c in files if u.public_id in content_ids
        ),
        attachments=tuple(_as_part(u, c) for u, c in files if u.public_id not in content_ids),
        content_ids=content_ids,
    )


def written_part(html: str) -> str:
    """What the writer of a sent mail wrote, without the signature and what stands below it."""
    ends = [at for mark in _BELOW if (at := html.find(mark)) >= 0]
    return html[: min(ends)] if ends else html


def signature_applies(ticket: Ticket, by: Advisor, identity: Identity | None) -> bool:
    """Whether a mail that `by` sends now carries their signature: as the ticket's assigned advisor.

    On an unassigned ticket the sender becomes the assignee first, where the team has it so.
    """
    if ticket.assignee_id is None:
        return identity is not None and identity.assign_on_reply
    return ticket.assignee_id == by.id


def _signature(ticket: Ticket, answer: Answer, by: Advisor, identity: Identity | None) -> str:
    """The sender's own signature, never the assignee's."""
    wanted = signature_applies(ticket, by, identity) if answer.signature is None else answer.signature
    return by.signature if wanted else ""


def _quote(
    ticket: Ticket, answer: Answer, parent: Message | None, identity: Identity | None
) -> tuple[str, str]:
    """The message that is answered, as HTML and text. Never a private one: others would read it."""
    wanted = answer.quote
    if wanted is None:
        wanted = identity is not None and identity.quote_history
    if not wanted or parent is None or parent.is_private:
        return "", ""
    language = ticket.contact.language or ticket.company.language
    zone = ZoneInfo(ticket.company.time_zone)  # the writer's own may be another
    with translation.override(language):
        attribution = _("On %(date)s, %(name)s wrote:") % {
            "date": format_date(timezone.localtime(parent.activity.at, zone), "DATETIME_FORMAT"),
            "name": parent.sender_name or parent.sender_address,
        }
    said = mail.Message(html=parent.html, text=parent.text, subject=parent.subject)
    quoted = "\n".join(f"> {line}".rstrip() for line in parent.activity.text.splitlines())
    return mail.quote_html(said, attribution), f"{attribution}\n{quoted}"


def _images(html: str, content_ids: dict[UUID, str]) -> dict[str, str]:
    """The cid: address (RFC 2392) of each picture that the editor shows by an address of the page."""
    by_id = {str(public_id): f"cid:{content_id}" for public_id, content_id in content_ids.items()}
    return {source: cid for source in _SOURCE.findall(html) for id, cid in by_id.items() if id in source}


def _as_part(upload: Attachment, content: bytes, content_id: str = "") -> mail.Attachment:
    return mail.Attachment(
        filename=upload.filename,
        content_type=upload.content_type,
        content=content,
        content_id=content_id,
        inline=bool(content_id),
    )
