"""Find people by a part of a name, an address or a phone number."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from emailhub.accounts.models import Advisor
from emailhub.mail import Mailbox

from .models import Contact, ContactEmail, Participant


def find_contacts(advisor: Advisor, words: str, *, at_most: int) -> list[Contact]:
    """Contacts with the words in their name, organisation, addresses or phone numbers, by name."""
    ids = _ids("SELECT * FROM find_contacts(%s, %s, %s)", advisor.company_id, words, at_most)
    found = Contact.objects.visible_to(advisor).in_bulk(ids)
    return [found[id] for id in ids if id in found]


def suggest(advisor: Advisor, words: str, *, limit: int = 8) -> list[Mailbox]:
    """Whom the letters could mean: contacts of the company by name, then others who wrote lately.

    The others took part in tickets that the advisor may read. Who was only ever in BCC is not shown.
    """
    words = words.strip()
    if len(words) < 2:
        return []
    found = _first_of_each(_of_contacts(advisor, words, limit))
    if len(found) < limit:  # each of those found may be among the others again
        others = _of_participants(advisor, words, limit + len(found))
        found = _first_of_each([*found, *others])
    return found[:limit]


def _of_contacts(advisor: Advisor, words: str, at_most: int) -> list[Mailbox]:
    ids = _ids("SELECT * FROM find_emails(%s, %s, %s)", advisor.company_id, words, at_most)
    emails = ContactEmail.objects.select_related("contact").in_bulk(ids)
    return [Mailbox(emails[id].contact.name, emails[id].address) for id in ids if id in emails]


def _of_participants(advisor: Advisor, words: str, at_most: int) -> list[Mailbox]:
    teams = sorted(advisor.readable_team_ids())
    ids = _ids("SELECT * FROM find_participants(%s, %s, %s, %s)", advisor.company_id, teams, words, at_most)
    people = Participant.objects.in_bulk(ids)
    return [Mailbox(people[id].name, people[id].address) for id in ids if id in people]


def _first_of_each(mailboxes: Iterable[Mailbox]) -> list[Mailbox]:
    found: dict[str, Mailbox] = {}
    for mailbox in mailboxes:
        found.setdefault(mailbox.address, mailbox)
    return list(found.values())


def _ids(question: str, *parameters: int | str | list[int]) -> list[int]:
    """Ask one of the functions that see past the row policies, which return ids and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return [row[0] for row in cursor.fetchall()]
