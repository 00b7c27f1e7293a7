"""Pass a message of a ticket on to somebody: what it says, with its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.template.defaultfilters import date as format_date
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts.models import Advisor

from .models import Attachment, Message, Ticket


@dataclass(frozen=True)
class Forwarded:
    """What stands below the writer's own words, and copies of the files that go along."""

    html: str
    text: str
    files: tuple[Attachment, ...]
    content_ids: dict[UUID, str]  # of the copies that are shown in place


def forwarded(ticket: Ticket, message: Message, *, by: Advisor) -> Forwarded:
    """The message as it is passed on. Its files are copied, so that both mails have theirs."""
    copies = copy_files(message.activity.attachments.filter(linked_until=None), by)  # links are in its text
    content_ids = {copy.public_id: f"{copy.public_id}@emailhub" for old, copy in copies if old.is_inline}
    images = {
        f"cid:{old.content_id}": f"cid:{content_ids[new.public_id]}" for old, new in copies if old.is_inline
    }
    head = _head(ticket, message)
    said = mail.Message(html=message.html, text=message.text, subject=message.subject)
    return Forwarded(
        html=mail.quote_html(said, head, images=images),
        text=f"{head}\n\n{message.activity.text}",
        files=tuple(copy for _, copy in copies),
        content_ids=content_ids,
    )


def copy_files(files: QuerySet[Attachment], by: Advisor) -> list[tuple[Attachment, Attachment]]:
    """Each file of a message with a copy that is the advisor's, for another mail. The bytes are shared."""
    return [(file, _copy(file, by)) for file in files.exclude(content_key="").order_by("id")]


def _copy(file: Attachment, by: Advisor) -> Attachment:
    return Attachment.objects.create(
        company_id=file.company_id,
        uploaded_by=by,
        filename=file.filename,
        content_type=file.content_type,
        size=file.size,
        content_key=file.content_key,
    )


def _head(ticket: Ticket, message: Message) -> str:
    """From whom, when and about what; never who had it in BCC."""
    zone = ZoneInfo(ticket.team.zone_name)
    with translation.override(ticket.company.language):
        return _("Forwarded: email from %(who)s, %(date)s, “%(subject)s”, to %(people)s") % {
            "who": _one(message.sender_name, message.sender_address),
            "date": format_date(timezone.localtime(message.activity.at, zone), "DATETIME_FORMAT"),
            "subject": message.subject,
            "people": ", ".join(_people([*message.to, *message.cc])),
        }


def _people(pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (_one(name, address) for name, address in pairs)


def _one(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and name != address else address
