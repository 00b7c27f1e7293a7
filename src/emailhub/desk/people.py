"""Whom a letter of a name could mean."""

from __future__ import annotations

from django.db.models import Q

from emailhub.accounts.models import Advisor
from emailhub.mail import Mailbox

from .models import ContactEmail, Participant


def suggest(advisor: Advisor, words: str, *, limit: int = 8) -> list[Mailbox]:
    """Contacts of the company first, then people who took part in tickets that the advisor may read."""
    words = words.strip()
    if len(words) < 2:
        return []
    contacts = ContactEmail.objects.filter(
        Q(address__icontains=words) | Q(contact__name__icontains=words), company_id=advisor.company_id
    ).select_related("contact")[:limit]
    found = {email.address: Mailbox(email.contact.name, email.address) for email in contacts}
    if len(found) < limit:
        others = Participant.objects.filter(
            Q(address__icontains=words) | Q(name__icontains=words),
            ticket__team_id__in=advisor.readable_team_ids(),
        ).exclude(part="bcc")[: limit * 3]
        for person in others:
            found.setdefault(person.address, Mailbox(person.name, person.address))
    return list(found.values())[:limit]
