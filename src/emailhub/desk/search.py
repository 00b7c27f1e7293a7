"""Find tickets by number, by contact and by what was written."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from emailhub.accounts.models import Advisor

from .models import Contact, Ticket
from .people import find_contacts
from .queries import TicketQuerySet
from .tags import with_tags

AT_MOST = 50


@dataclass(frozen=True)
class Results:
    tickets: list[Ticket]
    contacts: list[Contact]


def search(advisor: Advisor, words: str, tag_id: int | None = None) -> Results:
    """Tickets that the advisor may read, best first: by number, by contact, by text; and contacts.

    With a tag only the tickets that have it; without words the newest of them.
    Words are matched whole, without accents; "quoted words" stand together; -word must not occur.
    """
    words = " ".join(words.split())[:200]
    if not words:
        return Results(list(_readable(advisor, tag_id).newest_first()[:AT_MOST]) if tag_id else [], [])
    contacts = find_contacts(advisor, words, at_most=10)
    readable = _readable(advisor, tag_id)
    tickets = {
        ticket.id: ticket
        for found in (
            _by_number(readable, words),
            _by_contact(readable, contacts),
            _by_text(readable, advisor, words),
        )
        for ticket in found
    }
    return Results(list(tickets.values())[:AT_MOST], contacts)


def _by_number(readable: TicketQuerySet, words: str) -> list[Ticket]:
    number = words.removeprefix("#")
    if not (number.isascii() and number.isdigit()) or len(number) > 15:
        return []
    return list(readable.filter(number=int(number)))


def _by_contact(readable: TicketQuerySet, contacts: list[Contact]) -> list[Ticket]:
    return list(readable.filter(contact__in=contacts).newest_first()[:AT_MOST])


def _by_text(readable: TicketQuerySet, advisor: Advisor, words: str) -> list[Ticket]:
    teams = sorted(advisor.readable_team_ids())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ticket_id FROM search_activities(%s, %s, %s, %s)",
            [advisor.company_id, teams, words, AT_MOST * 4],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(readable.filter(id__in=ids).newest_first()[:AT_MOST])


def _readable(advisor: Advisor, tag_id: int | None) -> TicketQuerySet:
    tickets = with_tags(Ticket.objects.visible_to(advisor))
    if tag_id is not None:
        tickets = tickets.tagged(tag_id)
    return tickets.select_related("contact", "team", "assignee__user")
