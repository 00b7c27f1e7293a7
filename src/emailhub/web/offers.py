"""People who are not in the form, and whom one click adds: who joined, who was copied, who was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from emailhub import mail
from emailhub.desk.recipients import Proposal, as_text
from emailhub.mail import Mailbox


class Why(StrEnum):
    JOINED = "joined"  # took part since the draft was begun
    UNVERIFIED = "unverified"  # copied by a mail whose sender is not verified
    DROPPED = "dropped"  # the mail that is answered does not name them any more


@dataclass(frozen=True)
class Offered:
    """One person, and what the field would say of them."""

    name: str
    text: str


@dataclass(frozen=True)
class Offer:
    why: Why
    people: tuple[Offered, ...]


def offers_of(proposal: Proposal, *fields: str) -> tuple[Offer, ...]:
    """Whom the proposal names and the form's address fields do not."""
    there = {box.address for field in fields for box in mail.read_mailboxes(field) if box}
    rows = [
        (Why.JOINED, (*proposal.to, *proposal.cc)),
        (Why.UNVERIFIED, proposal.offered),
        (Why.DROPPED, proposal.dropped),
    ]
    offers = (Offer(why, tuple(_missing(people, there))) for why, people in rows)
    return tuple(offer for offer in offers if offer.people)


def _missing(people: Iterable[Mailbox], there: set[str]) -> Iterable[Offered]:
    for box in people:
        if box.address not in there:
            there.add(box.address)
            yield Offered(box.name or box.address, as_text([box]))
