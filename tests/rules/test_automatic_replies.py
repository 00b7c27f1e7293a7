"""Whether a mail gets an automatic reply: every reason against it, every limit, and the breaker."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.rules.automatic_replies import LIMITS, Occasion, ReplyKind, choose
from emailhub.rules.breaker import judge
from emailhub.rules.codes import SENTENCES, Code
from tests.rules.cast import NOW

ACKNOWLEDGEMENT, AFTER_HOURS = ReplyKind.ACKNOWLEDGEMENT, ReplyKind.AFTER_HOURS
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CLOSED = NOW - 3 * HOUR


def new_ticket(**changes: Any) -> Occasion:
    """Carla opened a ticket by a mail, with a team that acknowledges and has no hours."""
    ordinary = Occasion(
        now=NOW,
        new_ticket=True,
        from_customer=True,
        acknowledges=True,
        tells_when_closed=False,
        address="carla@farm.example",
    )
    return replace(ordinary, **changes)


def at_night(**changes: Any) -> Occasion:
    """The same while the team is closed, and both replies are on."""
    return new_ticket(**({"tells_when_closed": True, "closed_since": CLOSED} | changes))


def appended(**changes: Any) -> Occasion:
    return at_night(**({"new_ticket": False} | changes))


def chosen(occasion: Occasion) -> ReplyKind | None:
    return choose(occasion)[0]


def code(occasion: Occasion) -> str | None:
    step = choose(occasion)[1]
    return step.code if step else None


def test_a_new_ticket_is_acknowledged() -> None:
    kind, step = choose(new_ticket())
    assert kind is ACKNOWLEDGEMENT
    assert step is not None
    assert (step.code, dict(step.detail)) == (Code.ACKNOWLEDGED, {"address": "carla@farm.example"})


def test_a_mail_on_a_ticket_that_was_there_is_not_acknowledged() -> None:
    occasion = new_ticket(new_ticket=False)
    assert chosen(occasion) is None
    assert code(occasion) == Code.NO_REPLY_TICKET_HAS_ONE


def test_out_of_hours_the_sender_is_told_that_instead() -> None:
    assert chosen(at_night()) is AFTER_HOURS
    assert chosen(at_night(closed_since=None)) is ACKNOWLEDGEMENT
    assert chosen(at_night(tells_when_closed=False)) is ACKNOWLEDGEMENT
    assert chosen(at_night(acknowledges=False)) is AFTER_HOURS


def test_on_a_ticket_that_was_there_the_customer_is_told_once_a_closed_period() -> None:
    assert chosen(appended()) is AFTER_HOURS
    assert chosen(appended(told_closed_at=CLOSED - MINUTE)) is AFTER_HOURS
    assert chosen(appended(told_closed_at=CLOSED + MINUTE)) is None
    assert code(appended(told_closed_at=CLOSED)) == Code.NO_REPLY_PERIOD_HAS_ONE


def test_a_copied_person_is_never_told() -> None:
    assert code(appended(from_customer=False)) == Code.NO_REPLY_TO_OTHERS


def test_a_team_that_answers_nothing_by_itself_leaves_no_trace_of_it() -> None:
    silent = {"acknowledges": False, "tells_when_closed": False}
    assert choose(new_ticket(**silent)) == (None, None)
    assert choose(at_night(**silent)) == (None, None)
    assert choose(new_ticket(acknowledges=False, tells_when_closed=True)) == (None, None)


SUPPRESSED = {
    "address": ("", Code.NO_REPLY_UNREADABLE),
    "fails": (True, Code.NO_REPLY_UNVERIFIED),
    "by_machine": (True, Code.NO_REPLY_TO_MACHINE),
    "answerable": (False, Code.NO_REPLY_ASKED_FOR),
    "null_return_path": (True, Code.NO_REPLY_PATH),
    "own_address": (True, Code.NO_REPLY_TO_OURSELVES),
    "colleague": (True, Code.NO_REPLY_TO_COLLEAGUE),
    "junk": (True, Code.NO_REPLY_TO_JUNK),
    "released": (True, Code.NO_REPLY_RELEASED),
    "restored": (True, Code.NO_REPLY_RESTORED),
    "private": (True, Code.NO_REPLY_PRIVATE),
    "can_send": (False, Code.NO_REPLY_NO_ADDRESS),
    "breaker": (True, Code.NO_REPLY_BREAKER),
}


@pytest.mark.parametrize("reason", SUPPRESSED)
@pytest.mark.parametrize("occasion", [new_ticket(), at_night(), appended()])
def test_each_reason_alone_is_enough_for_silence(occasion: Occasion, reason: str) -> None:
    value, why = SUPPRESSED[reason]
    suppressed = replace(occasion, **{reason: value})
    assert chosen(suppressed) is None
    assert code(suppressed) == why


def test_one_sender_gets_one_an_hour() -> None:
    assert code(new_ticket(sent_to_sender=(NOW - 59 * MINUTE,))) == Code.NO_REPLY_SENDER_HOUR
    assert chosen(new_ticket(sent_to_sender=(NOW - 61 * MINUTE,))) is ACKNOWLEDGEMENT


def test_one_sender_gets_four_a_day() -> None:
    three = tuple(NOW - hours * HOUR for hours in (2, 8, 23))
    assert chosen(new_ticket(sent_to_sender=three)) is ACKNOWLEDGEMENT
    occasion = new_ticket(sent_to_sender=(*three, NOW - 5 * HOUR))
    assert code(occasion) == Code.NO_REPLY_SENDER_DAY
    assert chosen(new_ticket(sent_to_sender=(*three, NOW - 25 * HOUR))) is ACKNOWLEDGEMENT


def test_a_team_answers_thirty_strangers_an_hour() -> None:
    assert chosen(new_ticket(sent_to_strangers=29)) is ACKNOWLEDGEMENT
    assert code(new_ticket(sent_to_strangers=30)) == Code.NO_REPLY_TEAM_HOUR
    assert chosen(new_ticket(sent_to_strangers=3000, written_to=True)) is ACKNOWLEDGEMENT


OCCASIONS = st.builds(
    Occasion,
    now=st.just(NOW),
    address=st.sampled_from(["", "carla@farm.example"]),
    closed_since=st.none() | st.integers(0, 900).map(lambda m: NOW - m * MINUTE),
    told_closed_at=st.none() | st.integers(0, 900).map(lambda m: NOW - m * MINUTE),
    sent_to_sender=st.lists(st.integers(-5, 2000).map(lambda m: NOW - m * MINUTE), max_size=6).map(tuple),
    sent_to_strangers=st.integers(0, 40),
)


@settings(max_examples=300, deadline=None)
@given(occasion=OCCASIONS)
def test_the_choice_is_total_always_the_same_and_says_what_it_did(occasion: Occasion) -> None:
    kind, step = choose(occasion)
    assert (kind, step) == choose(occasion)
    assert (kind is None) == (step is None or step.code not in (Code.ACKNOWLEDGED, Code.TOLD_CLOSED))
    if step is not None:
        assert SENTENCES[Code(step.code)] % dict(step.detail)


@settings(max_examples=300, deadline=None)
@given(occasion=OCCASIONS)
def test_nothing_is_ever_sent_against_a_reason_or_a_limit(occasion: Occasion) -> None:
    if chosen(occasion) is None:
        return
    for name, (value, _) in SUPPRESSED.items():
        assert getattr(occasion, name) != value
    assert occasion.from_customer
    assert not any(at > NOW - LIMITS.per_sender for at in occasion.sent_to_sender)
    assert occasion.written_to or occasion.sent_to_strangers < LIMITS.strangers_per_hour


# The breaker


def test_the_breaker_silences_after_twenty_and_holds_after_fifty() -> None:
    def after(number: int):
        return judge(counts=True, within_the_hour=number, silent_until=None, now=NOW)

    assert not (after(19).silent or after(19).trips)
    assert after(20).silent
    assert after(20).trips
    assert not after(49).holds
    assert after(50).holds


def test_a_persons_mail_neither_counts_nor_is_held_but_a_silenced_sender_stays_silenced() -> None:
    quiet = judge(counts=False, within_the_hour=500, silent_until=NOW + HOUR, now=NOW)
    assert (quiet.silent, quiet.trips, quiet.holds) == (True, False, False)
    assert not judge(counts=False, within_the_hour=500, silent_until=NOW - HOUR, now=NOW).silent


def test_the_breaker_trips_once_and_again_when_its_day_is_over() -> None:
    assert not judge(counts=True, within_the_hour=30, silent_until=NOW + HOUR, now=NOW).trips
    assert judge(counts=True, within_the_hour=30, silent_until=NOW - HOUR, now=NOW).trips
