"""Marking a ticket as junk: it closes, its sender may be blocked, and all of it can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emailhub.accounts.permissions import NotPermittedError
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.errors import NotAllowedError
from emailhub.desk.junk import CannotBlockError, blocked_of, mark_as_junk, not_junk, unblock
from emailhub.desk.models import Ticket
from emailhub.intake.models import ReceivedMessage
from tests.cast import MALLORY, Cast
from tests.letters import letter
from tests.post import filed, receive

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def opened(people: Cast, sender: str = MALLORY) -> Ticket:
    return filed(people.dealer.id, letter(sender)).ticket


def again(people: Cast, sender: str = MALLORY) -> ReceivedMessage:
    return receive(people.dealer.id, letter(sender, subject="Again"))


def test_it_closes_the_ticket_and_tells_nobody(inside: Cast) -> None:
    ticket = opened(inside)
    mark_as_junk(ticket, by=inside.ben, now=NOW)
    ticket.refresh_from_db()
    assert ticket.is_closed
    assert [a.kind for a in ticket.activities.order_by("id")][-2:] == ["closed", "junk"]
    assert not OutgoingMessage.objects.exists()
    assert again(inside).outcome == "ticket"  # nobody is blocked by that


def test_a_blocked_sender_is_held_as_junk(inside: Cast) -> None:
    mark_as_junk(opened(inside), block="sender", by=inside.ben, now=NOW)
    row = again(inside)
    assert (row.outcome, row.reason) == ("held", "held_junk")
    assert row.trace[0] == ["sender_blocked", {"address": MALLORY}]
    assert again(inside, "other@evil.example").outcome == "ticket"


def test_a_blocked_domain_holds_all_that_is_below_it(inside: Cast) -> None:
    mark_as_junk(opened(inside), block="domain", by=inside.ben, now=NOW)
    for sender in (MALLORY, "other@evil.example", "a@mail.evil.example"):
        assert again(inside, sender).reason == "held_junk"
    assert again(inside, "a@notevil.example").outcome == "ticket"


def test_it_can_be_taken_back(inside: Cast) -> None:
    ticket = opened(inside)
    mark_as_junk(ticket, block="sender", by=inside.ben, now=NOW)
    not_junk(ticket, by=inside.ben, now=NOW)
    ticket.refresh_from_db()
    assert ticket.status == Ticket.Status.OPEN
    assert not blocked_of(inside.service).exists()
    assert again(inside).filed_as.ticket == ticket
    not_junk(ticket, by=inside.ben, now=NOW)  # twice is once
    assert ticket.activities.filter(kind="junk").count() == 2


def test_a_block_that_was_there_before_outlives_the_undoing(inside: Cast) -> None:
    first, second = opened(inside), None
    mark_as_junk(first, block="sender", by=inside.ben, now=NOW)
    second = first
    second.refresh_from_db()
    second.reopen(by=inside.ben, now=NOW)
    mark_as_junk(second, block="sender", by=inside.ben, now=NOW)
    not_junk(second, by=inside.ben, now=NOW)
    assert [row.value for row in blocked_of(inside.service)] == [MALLORY]


def test_a_ticket_that_was_closed_stays_closed_when_it_is_taken_back(inside: Cast) -> None:
    ticket = opened(inside)
    ticket.close(by=inside.ben, now=NOW)
    mark_as_junk(ticket, by=inside.ben, now=NOW)
    not_junk(ticket, by=inside.ben, now=NOW)
    ticket.refresh_from_db()
    assert ticket.is_closed


def test_everybodys_domain_and_our_own_addresses_cannot_be_blocked(inside: Cast) -> None:
    ticket = opened(inside, "mallory@gmail.com")
    with pytest.raises(CannotBlockError, match=r"gmail\.com"):
        mark_as_junk(ticket, block="domain", by=inside.ben, now=NOW)
    ticket.refresh_from_db()
    assert not ticket.is_closed
    with pytest.raises(CannotBlockError):
        mark_as_junk(opened(inside, Cast.office_address), block="sender", by=inside.ben, now=NOW)


def test_only_who_works_on_the_ticket_marks_it_and_only_managers_unblock(inside: Cast) -> None:
    ticket = opened(inside)
    for who in (inside.vera, inside.pat):
        with pytest.raises(NotAllowedError):
            mark_as_junk(ticket, by=who, now=NOW)
        with pytest.raises(NotAllowedError):
            not_junk(ticket, by=who, now=NOW)
    mark_as_junk(ticket, block="sender", by=inside.ben, now=NOW)
    with pytest.raises(NotPermittedError):
        unblock(blocked_of(inside.service).get(), by=inside.ben, now=NOW)
    unblock(blocked_of(inside.service).get(), by=inside.ana, now=NOW)
    assert again(inside).outcome == "ticket"


def test_the_filter_of_the_mail_server_is_believed_only_if_the_operator_says_so(
    inside: Cast, settings: object
) -> None:
    marked = letter(MALLORY, headers={"X-Spam-Flag": "YES"})
    assert receive(inside.dealer.id, marked).outcome == "ticket"
    settings.JUNK_HEADER = "X-Spam-Flag"  # type: ignore[attr-defined]
    row = receive(inside.dealer.id, letter("new@evil.example", headers={"X-Spam-Flag": "YES"}))
    assert (row.outcome, row.reason) == ("held", "held_junk")
