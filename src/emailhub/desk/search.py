"""Find tickets by number, by contact and by what was written."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from emailhub.accounts.models import Advisor

from .models import Contact, Ticket
from .people import find_contacts
from .queries import TicketQuerySet

AT_MOST = 50


@dataclass(frozen=True)
class Results:
    tickets: list[Ticket]
    contacts: list[Contact]


def search(advisor: Advisor, words: str) -> Results:
    """Tickets that the advisor may read, best first: by number, by contact, by text; and contacts.

    Words are matched whole, without accents; "quoted words" stand together; -word must not occur.
    """
    words = " ".join(words.split())[:200]
    if not words:
        return Results([], [])
    contacts = find_contacts(advisor, words, at_most=10)
    tickets = {
        ticket.id: ticket
        for found in (_by_number(advisor, words), _by_contact(advisor, contacts), _by_text(advisor, words))
        for ticket in found
    }
    return Results(list(tickets.values())[:AT_MOST], contacts)


def _by_number(advisor: Advisor, words: str) -> list[Ticket]:
    number = words.removeprefix("#")
    if not (number.isascii() and number.isdigit()) or len(number) > 15:
        return []
    return list(_readable(advisor).filter(number=int(number)))


def _by_contact(advisor: Advisor, contacts: list[Contact]) -> list[Ticket]:
    return list(_readable(advisor).filter(contact__in=contacts).newest_first()[:AT_MOST])


def _by_text(advisor: Advisor, words: str) -> list[Ticket]:
    teams = sorted(advisor.readable_team_ids())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ticket_id FROM search_activities(%s, %s, %s, %s)",
            [advisor.company_id, teams, words, AT_MOST * 4],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(_readable(advisor).filter(id__in=ids).newest_first()[:AT_MOST])


def _readable(advisor: Advisor) -> TicketQuerySet:
    return Ticket.objects.visible_to(advisor).select_related("contact", "team", "assignee__user")
