"""What a writer should know before a mail leaves for the people who stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from emailhub import mail
from emailhub.hub.models import HubAddress
from emailhub.mail import Mailbox

from . import recipients
from .answer import Answer
from .link_texts import misleading_links
from .models import ContactEmail, Participant, Ticket


class Kind(StrEnum):
    CUSTOMER_LEFT_OUT = "customer_left_out"  # the ticket's customer gets nothing
    HIDDEN_SHOWN = "hidden_shown"  # a person who was in BCC stands where others see it
    HIDDEN_WROTE = "hidden_wrote"  # what is answered was written by one of whom the others do not know
    OUTSIDE = "outside"  # nobody of this ticket, at a domain that nobody of it has
    NEW = "new"  # nobody of this ticket and no contact, at a domain that it knows
    LINK = "link"  # the words of a link name another place than its target
    OTHER_TEAM = "other_team"  # a colleague's team: reassigning or mentioning says it better


@dataclass(frozen=True)
class Caution:
    """Something to ask about before sending. Nothing is refused for it."""

    kind: Kind
    people: tuple[Mailbox, ...]  # whom it is about; of a link, its words as the name


@dataclass(frozen=True)
class Around:
    """Who is known where the mail is written."""

    customer: frozenset[str]  # the addresses of the ticket's contact
    openly: frozenset[str]  # who takes part for all to see
    hidden: frozenset[str]  # who takes part in BCC alone
    contacts: frozenset[str]  # recipients who are contacts of the company
    teams: frozenset[str]  # recipients who are other teams of the company
    hidden_author: Mailbox | None  # who wrote last, in BCC


def cautions(ticket: Ticket, answer: Answer) -> list[Caution]:
    """What should be asked before this answer leaves. Recipients that are refused are not its matter."""
    everyone = [*answer.to, *answer.cc, *answer.bcc]
    return weigh(answer, _around(ticket, [_normal(box) for box in everyone]))


def weigh(answer: Answer, around: Around) -> list[Caution]:
    """Compare who gets a mail with who is known."""
    shown, everyone = [*answer.to, *answer.cc], [*answer.to, *answer.cc, *answer.bcc]
    known = around.customer | around.openly | around.hidden | around.teams
    domains = {_domain(address) for address in known - around.teams}
    strangers = [box for box in everyone if _normal(box) not in known | around.contacts]
    found = [
        Caution(Kind.HIDDEN_SHOWN, _those(shown, around.hidden) if _has_others(shown, around.hidden) else ()),
        Caution(Kind.HIDDEN_WROTE, _author_hidden_from(everyone, around.hidden_author)),
        Caution(Kind.OUTSIDE, tuple(b for b in strangers if _domain(_normal(b)) not in domains)),
        Caution(Kind.NEW, tuple(b for b in strangers if _domain(_normal(b)) in domains)),
        Caution(Kind.OTHER_TEAM, _those(everyone, around.teams)),
        Caution(Kind.LINK, tuple(Mailbox(words, "") for words in misleading_links(answer.html))),
    ]
    left_out = around.customer and not around.customer & {_normal(box) for box in everyone}
    only_hidden = everyone and not _has_others(everyone, around.hidden)
    if left_out and not only_hidden and answer.forwards is None:
        found.insert(0, Caution(Kind.CUSTOMER_LEFT_OUT, ()))
    return [one for one in found if one.people or one.kind == Kind.CUSTOMER_LEFT_OUT]


def _around(ticket: Ticket, addresses: list[str]) -> Around:
    parts = list(ticket.participants.all())
    openly = {part.address for part in parts if part.part != Participant.Part.BCC}
    emails = ContactEmail.objects.filter(Q(contact_id=ticket.contact_id) | Q(address__in=addresses))
    found = list(emails.values_list("address", "contact_id"))
    teams = HubAddress.objects.filter(address__in=addresses).exclude(team_id=ticket.team_id)
    return Around(
        customer=frozenset(address for address, contact in found if contact == ticket.contact_id),
        openly=frozenset(openly),
        hidden=frozenset({part.address for part in parts} - openly),
        contacts=frozenset(address for address, _ in found),
        teams=frozenset(teams.values_list("address", flat=True)),
        hidden_author=recipients.hidden_author_of(ticket),
    )


def _author_hidden_from(everyone: Iterable[Mailbox], author: Mailbox | None) -> tuple[Mailbox, ...]:
    others = author and [box for box in everyone if _normal(box) != author.address]
    return (author,) if author and others else ()


def _those(people: Iterable[Mailbox], addresses: Iterable[str]) -> tuple[Mailbox, ...]:
    wanted = set(addresses)
    return tuple(box for box in people if _normal(box) in wanted)


def _has_others(people: Iterable[Mailbox], addresses: Iterable[str]) -> bool:
    wanted = set(addresses)
    return any(_normal(box) not in wanted for box in people)


def _normal(box: Mailbox) -> str:
    return mail.normal_address(box.address) or box.address


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
