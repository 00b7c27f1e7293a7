"""What an advisor has written and not sent: one draft a ticket, advisor and channel, on every device."""

from __future__ import annotations

from datetime import datetime

from emailhub.accounts.models import Advisor

from .models import Draft, Ticket

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


def load_drafts(ticket: Ticket, advisor: Advisor) -> dict[str, Draft]:
    """The advisor's drafts on this ticket by channel."""
    return {draft.channel: draft for draft in Draft.objects.filter(ticket=ticket, advisor=advisor)}


def discard_draft(ticket: Ticket, advisor: Advisor, channel: str) -> None:
    Draft.objects.filter(ticket=ticket, advisor=advisor, channel=channel).delete()
