"""What an advisor has written and not sent: one draft a ticket, advisor and channel, on every device."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.html import escape, linebreaks

from emailhub.accounts.models import Advisor

from .errors import WrittenElsewhereError
from .models import Draft, Ticket
from .sent_forms import made_by

FIELDS = (
    "to",
    "cc",
    "bcc",
    "subject",
    "text",
    "html",
    "attachments",
    "signature",
    "answers",
    "forwards",
    "form",
)


def save_draft(
    ticket: Ticket, advisor: Advisor, channel: str, fields: dict[str, object], *, now: datetime
) -> Draft:
    """Store the fields of the composer as they stand; unknown ones are left out."""
    draft, _ = Draft.objects.update_or_create(
        company_id=ticket.company_id,
        ticket=ticket,
        advisor=advisor,
        channel=channel,
        defaults={"fields": {k: v for k, v in fields.items() if k in FIELDS}, "updated_at": now},
    )
    return draft


def autosave(
    ticket: Ticket,
    advisor: Advisor,
    channel: str,
    fields: dict[str, object],
    *,
    key: UUID,
    based_on: str | None = None,
    now: datetime,
) -> Draft | None:
    """Save what is being written in the form with this key; None if it has been sent meanwhile.

    A save may arrive after the sending that it was made before: it must not bring the text back.
    `based_on` is the state (`state_of`) of the draft that the form goes on from. Raises
    WrittenElsewhereError if another form has saved another text since: neither may replace the other.
    """
    if made_by(key):
        return None
    stored = load_drafts(ticket, advisor).get(channel)
    if stored is not None and based_on is not None and _is_another(stored, fields, key, based_on):
        raise WrittenElsewhereError(stored)
    return save_draft(ticket, advisor, channel, {**fields, "form": str(key)}, now=now)


def discard_own(ticket: Ticket, advisor: Advisor, channel: str, *, key: UUID, based_on: str | None) -> None:
    """Discard the draft of the form with this key, which is empty now; another form's stays."""
    stored = load_drafts(ticket, advisor).get(channel)
    is_own = stored is not None and (
        based_on is None or state_of(stored) == based_on or stored.fields.get("form") == str(key)
    )
    if is_own:
        discard_draft(ticket, advisor, channel)


def state_of(draft: Draft | None) -> str:
    """By which a form says from which draft it goes on."""
    return draft.updated_at.isoformat() if draft else ""


def _is_another(stored: Draft, fields: dict[str, object], key: UUID, based_on: str) -> bool:
    """The same form may have saved it, and not heard our answer."""
    if stored.fields.get("form") == str(key) or state_of(stored) == based_on:
        return False
    return any(stored.fields.get(name, "") != fields.get(name, "") for name in ("text", "html"))


def load_drafts(ticket: Ticket, advisor: Advisor) -> dict[str, Draft]:
    """The advisor's drafts on this ticket by channel."""
    return {draft.channel: draft for draft in Draft.objects.filter(ticket=ticket, advisor=advisor)}


def discard_draft(ticket: Ticket, advisor: Advisor, channel: str) -> None:
    Draft.objects.filter(ticket=ticket, advisor=advisor, channel=channel).delete()


def joined(form: dict[str, Any], newer: dict[str, Any]) -> dict[str, Any]:
    """The fields of a mail that comes back, with the text and the files of a newer draft after its own."""
    texts = [fields.get("text", "") for fields in (form, newer)]
    return {
        **form,
        "text": "\n\n".join(text for text in texts if text.strip()),
        "html": "".join(map(_html_of, (form, newer))),
        "attachments": list(dict.fromkeys([*form["attachments"], *newer.get("attachments", [])])),
    }


def _html_of(fields: dict[str, Any]) -> str:
    """What the rich editor wrote, or the plain text with its lines kept."""
    text = fields.get("text", "").strip()
    return fields.get("html") or (linebreaks(escape(text)) if text else "")
