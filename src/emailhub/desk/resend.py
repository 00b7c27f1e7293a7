"""Take up a mail again that did not reach somebody: its text and files become a draft for those people."""

from __future__ import annotations

from datetime import datetime

from emailhub import mail
from emailhub.accounts.models import Advisor
from emailhub.delivery.models import OutgoingRecipient
from emailhub.mail import Mailbox

from .body import written_part
from .drafts import joined, load_drafts, save_draft
from .errors import NothingToMendError
from .forwarding import copy_files
from .models import Activity, Draft, Message
from .permissions import require_work
from .recipients import as_text, boxes

_NOT_REACHED = (
    OutgoingRecipient.State.FAILED,
    OutgoingRecipient.State.BOUNCED,
    OutgoingRecipient.State.UNCERTAIN,
)


def edit_again(activity: Activity, *, by: Advisor, now: datetime) -> Draft:
    """Put what was sent into the advisor's draft, above what stands there, to those who have not got it.

    Raises NotAllowedError, NothingToMendError.
    """
    ticket = activity.ticket
    require_work(by, ticket)
    message = Message.objects.select_related("outgoing").get(activity=activity)
    missed = _missed(message)
    if not missed:
        raise NothingToMendError
    html, files = _written(activity, message, by)
    form: dict[str, object] = {
        **{part: as_text(_those(boxes(getattr(message, part)), missed)) for part in ("to", "cc", "bcc")},
        "subject": message.subject,
        "text": mail.plain_text(html),
        "html": html,
        "attachments": files,
        "answers": None,
        "signature": None,
    }
    newer = load_drafts(ticket, by).get(Draft.Channel.EMAIL)
    if newer is not None:
        form = joined(form, newer.fields)
    return save_draft(ticket, by, Draft.Channel.EMAIL, form, now=now)


def _missed(message: Message) -> set[str]:
    if message.outgoing is None:
        return set()
    rows = message.outgoing.recipients.filter(state__in=_NOT_REACHED)
    return set(rows.values_list("address", flat=True))


def _those(people: list[Mailbox], addresses: set[str]) -> list[Mailbox]:
    return [box for box in people if box.address in addresses]


def _written(activity: Activity, message: Message, by: Advisor) -> tuple[str, list[str]]:
    """The writer's own words, their pictures as the editor shows them, and the ids of all files."""
    html, ids = written_part(message.html), []
    for file, copy in copy_files(activity.attachments.all(), by):
        if file.is_inline and f"cid:{file.content_id}" not in html:
            copy.delete()  # a picture of the signature or of the quotation
            continue
        html = html.replace(f"cid:{file.content_id}", f"/attachments/{copy.public_id}/")
        ids.append(str(copy.public_id))
    return html, ids
