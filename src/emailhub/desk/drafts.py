"""What an advisor has written and not sent: one draft a ticket, advisor and channel, on every device."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from emailhub.accounts.models import Advisor

from .models import Draft, Ticket
from .sent_forms import made_by

FIELDS = ("to", "cc", "bcc", "subject", "text", "html", "attachments", "signature", "answers")


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
    ticket: Ticket, advisor: Advisor, channel: str, fields: dict[str, object], *, key: UUID, now: datetime
) -> Draft | None:
    """Save what is being written in the form with this key; None if it has been sent meanwhile.

    A save may arrive after the sending that it was made before: it must not bring the text back.
    """
    return None if made_by(key) else save_draft(ticket, advisor, channel, fields, now=now)


def load_drafts(ticket: Ticket, advisor: Advisor) -> dict[str, Draft]:
    """The advisor's drafts on this ticket by channel."""
    return {draft.channel: draft for draft in Draft.objects.filter(ticket=ticket, advisor=advisor)}


def discard_draft(ticket: Ticket, advisor: Advisor, channel: str) -> None:
    Draft.objects.filter(ticket=ticket, advisor=advisor, channel=channel).delete()
