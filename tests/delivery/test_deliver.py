"""One send is at most one delivery a recipient; what is not known is said, and never sent twice by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.delivery.again import send_again
from emailhub.delivery.attempt import LOST_REPLY, NO_SENDER
from emailhub.delivery.deliver import deliver_due
from emailhub.delivery.models import OutgoingMessage
from emailhub.delivery.outbox import take_back
from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome
from tests.cast import CARLA, JON, Cast
from tests.conftest import as_owner
from tests.delivery.scripted import (
    CONTENT,
    THIS_DATABASE,
    Scripted,
    Settled,
    again,
    locks,
    make_due,
    post,
    recipients,
)

State = OutgoingMessage.State


@pytest.fixture
def sender() -> Scripted:
    return Scripted()


@pytest.fixture
def settled() -> Settled:
    return Settled()


def minutes_to_next(message: OutgoingMessage) -> int:
    return round((again(message).due_at - timezone.now()).total_seconds() / 60)


def test_a_due_mail_is_sent_once_to_everybody(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)
    assert deliver_due({"smtp": sender}, settled) == 1
    assert deliver_due({"smtp": sender}, settled) == 0

    assert again(message).state == State.SENT
    assert recipients(message) == {CARLA: "sent", JON: "sent"}
    assert settled.told == [(message.id, State.SENT)]
    [mail] = sender.attempts
    assert (mail.mail_from, mail.recipients, mail.content) == (message.mail_from, (CARLA, JON), CONTENT)
    assert locks() == 0


def test_a_mail_is_not_sent_before_it_is_due(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast, due_in=60)
    assert deliver_due({"smtp": sender}, settled) == 0
    assert again(message).state == State.QUEUED


def test_no_more_than_asked_for_are_sent_and_the_connection_is_closed_when_none_is_left(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    for _ in range(5):
        post(committed_cast)
    assert deliver_due({"smtp": sender}, settled, at_most=3) == 3
    assert sender.closed == 0
    assert deliver_due({"smtp": sender}, settled, at_most=3) == 2
    assert sender.closed == 1
    assert len(sender.attempts) == 5


def test_only_those_who_did_not_get_it_are_tried_again(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{JON: Fate.DEFERRED}, {}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.QUEUED
    assert again(message).last_error == "said deferred"
    assert recipients(message) == {CARLA: "sent", JON: "queued"}
    assert deliver_due({"smtp": sender}, settled) == 0

    make_due(message)
    deliver_due({"smtp": sender}, settled)
    assert sender.sent_to() == [CARLA, JON, JON]
    assert recipients(message) == {CARLA: "sent", JON: "sent"}
    assert settled.states == [State.QUEUED, State.SENT]
    assert again(message).last_error == ""


def test_a_refused_recipient_is_never_tried_again(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{JON: Fate.REFUSED}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)

    assert again(message).state == State.SENT
    assert recipients(message) == {CARLA: "sent", JON: "failed"}
    with company(committed_cast.dealer.id):
        assert message.recipients.get(address=JON).diagnostic == "said refused"


def test_a_mail_that_nobody_takes_has_failed(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{CARLA: Fate.REFUSED, JON: Fate.REFUSED}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.FAILED


def test_tries_grow_apart_and_end_after_a_day_with_a_reason(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{CARLA: Fate.DEFERRED}]
    message = post(committed_cast, CARLA)
    waits = []
    for _ in range(7):
        deliver_due({"smtp": sender}, settled)
        waits.append(minutes_to_next(message))
        make_due(message)
    assert waits == [1, 5, 15, 30, 60, 60, 60]

    make_due(message, give_up_at=timezone.now())
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.FAILED
    with company(committed_cast.dealer.id):
        recipient = message.recipients.get()
    assert (recipient.state, recipient.status, recipient.diagnostic) == ("failed", "4.4.7", "said deferred")


def test_the_last_try_is_at_the_end_of_the_day(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{CARLA: Fate.DEFERRED}]
    message = post(committed_cast, CARLA)
    soon = timezone.now() + timedelta(seconds=20)
    make_due(message, give_up_at=soon)
    deliver_due({"smtp": sender}, settled)
    assert again(message).due_at == soon


def test_a_lost_reply_is_uncertain_and_nothing_is_sent_again(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{CARLA: Fate.UNCERTAIN, JON: Fate.UNCERTAIN}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    make_due(message)

    assert deliver_due({"smtp": sender}, settled) == 0
    assert again(message).state == State.UNCERTAIN
    assert recipients(message) == {CARLA: "uncertain", JON: "uncertain"}
    assert settled.states == [State.UNCERTAIN]


def test_who_was_put_off_is_tried_again_although_another_one_is_uncertain(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{CARLA: Fate.UNCERTAIN, JON: Fate.DEFERRED}, {}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    make_due(message)
    deliver_due({"smtp": sender}, settled)

    assert sender.sent_to() == [CARLA, JON, JON]
    assert again(message).state == State.UNCERTAIN
    assert recipients(message) == {CARLA: "uncertain", JON: "sent"}


# Without a sender, and with one that breaks


def test_without_a_relay_mail_waits_visibly_does_not_age_and_can_be_taken_back(
    committed_cast: Cast, settled: Settled
) -> None:
    message = post(committed_cast)
    patience = message.give_up_at - message.due_at
    for _ in range(3):
        assert deliver_due({"smtp": None}, settled) == 1
        make_due(message, due_at=timezone.now() - timedelta(hours=5))

    waiting = again(message)
    assert (waiting.state, waiting.last_error, waiting.attempts) == (State.QUEUED, NO_SENDER, 0)
    assert waiting.give_up_at - timezone.now() >= patience
    assert settled.states == [State.QUEUED]  # told once
    with company(committed_cast.dealer.id):
        assert take_back(waiting)
    assert locks() == 0


def test_mail_goes_out_as_soon_as_there_is_a_relay(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)
    deliver_due({}, settled)
    assert minutes_to_next(message) == 1
    make_due(message)
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.SENT


def test_each_mail_leaves_by_its_own_channel(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    demo = Scripted()
    post(committed_cast, CARLA, channel="demo")
    post(committed_cast, JON)
    deliver_due({"smtp": sender, "demo": demo}, settled)
    assert (demo.sent_to(), sender.sent_to()) == ([CARLA], [JON])


def test_an_error_of_ours_leaves_the_mail_due_later_and_the_next_one_is_sent(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [ZeroDivisionError("oops"), {}]
    broken, whole = post(committed_cast), post(committed_cast)
    assert deliver_due({"smtp": sender}, settled) == 2

    assert again(broken).state == State.QUEUED
    assert again(broken).last_error == "ZeroDivisionError: oops"
    assert minutes_to_next(broken) == 1
    assert again(whole).state == State.SENT
    assert locks() == 0


def test_an_error_of_ours_after_the_final_dot_is_uncertain(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    sender.after_dot = fail
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.UNCERTAIN


def test_a_sender_that_talks_nonsense_blocks_nobody(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    class Nonsense(Scripted):
        def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
            super().send(mail, before_final_dot)
            return None  # type: ignore[return-value]

    broken, whole = post(committed_cast, channel="odd"), post(committed_cast)
    assert deliver_due({"smtp": sender, "odd": Nonsense()}, settled) == 2
    assert again(whole).state == State.SENT
    assert minutes_to_next(broken) == 1

    make_due(broken)
    deliver_due({"smtp": sender, "odd": Nonsense()}, settled)
    assert again(broken).state == State.UNCERTAIN


def test_words_that_postgresql_cannot_store_are_stored_without_what_is_wrong_with_them(
    committed_cast: Cast,
    sender: Scripted,
    settled: Settled,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # The log would hold the lone surrogate, which a parallel run cannot pass on.
    caplog.set_level("CRITICAL", logger="emailhub.delivery.deliver")
    sender.fates = [ValueError("a\x00b\ud800\n" + "x" * 5_000)]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    assert again(message).last_error.startswith("ValueError: a")
    assert len(again(message).last_error) <= 1_000


def test_a_channel_that_is_away_is_asked_every_minute_however_often_it_was(
    committed_cast: Cast, settled: Settled
) -> None:
    class Away(Scripted):
        def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
            return Outcome.of_all(mail.recipients, Fate.DEFERRED, error="no route", channel_is_away=True)

    message = post(committed_cast)
    for _ in range(4):
        make_due(message)
        deliver_due({"smtp": Away()}, settled)
        assert minutes_to_next(message) == 1
    assert again(message).last_error == "no route"


def test_a_mail_whose_bytes_are_missing_waits_for_the_back_up(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)
    path = store.path(message.company_id, message.content_key)
    path.rename(path.with_suffix(".away"))
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.QUEUED
    assert again(message).last_error.startswith("MissingError: no stored bytes")

    path.with_suffix(".away").rename(path)
    make_due(message)
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.SENT


def test_an_outcome_is_kept_although_it_cannot_be_shown(committed_cast: Cast, sender: Scripted) -> None:
    def broken(outgoing: OutgoingMessage, *, now: datetime) -> None:
        OutgoingMessage.objects.filter(pk=outgoing.pk).update(state="cancelled")
        raise ZeroDivisionError

    message = post(committed_cast)
    deliver_due({"smtp": sender}, broken)
    assert again(message).state == State.SENT


# Several workers, and workers that die


def _lose_the_session() -> None:
    """End the session that holds a row, which its worker notices only when it asks for something."""
    with as_owner() as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'"
            f" AND classid = 20 AND {THIS_DATABASE}"
        )
    connection.close()


def test_a_mail_that_another_worker_sends_is_left_alone(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message, free = post(committed_cast), post(committed_cast, CARLA)
    with as_owner() as other:
        other.execute("SELECT pg_advisory_lock(20, %s)", [message.id])
        assert deliver_due({"smtp": sender}, settled) == 1
        assert again(free).state == State.SENT
        other.execute("SELECT pg_advisory_unlock(20, %s)", [message.id])  # a closed session does so later
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.SENT


def test_a_worker_that_died_before_the_final_dot_is_followed_by_one_that_sends(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)
    make_due(message, state=State.SENDING, phase="claimed", claim=1, attempts=1)
    deliver_due({"smtp": sender}, settled)

    assert (again(message).state, again(message).claim) == (State.SENT, 2)
    assert sender.sent_to() == [CARLA, JON]


def test_a_worker_that_died_after_the_final_dot_leaves_an_uncertain_mail(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)
    make_due(message, state=State.SENDING, phase="data_sent", claim=1, attempts=1)
    with company(committed_cast.dealer.id):
        message.recipients.filter(address=CARLA).update(state="uncertain")  # as before_final_dot leaves it
        message.recipients.filter(address=JON).update(state="failed")
    deliver_due({"smtp": sender}, settled)

    assert (again(message).state, again(message).last_error) == (State.UNCERTAIN, LOST_REPLY)
    assert sender.attempts == []
    assert settled.states == [State.UNCERTAIN]


def test_a_worker_that_was_overtaken_does_not_send_the_final_dot(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    """Its session has died unnoticed; another worker has claimed the row and sent the mail."""
    message, other = post(committed_cast), Scripted()

    def overtake() -> None:
        _lose_the_session()
        deliver_due({"smtp": other}, settled)

    sender.before_dot = overtake
    dots: list[bool] = []
    sender.after_dot = lambda: dots.append(True)
    deliver_due({"smtp": sender}, settled)

    assert dots == []
    assert other.sent_to() == [CARLA, JON]
    assert again(message).state == State.SENT
    assert settled.states == [State.SENT]
    assert locks() == 0


def test_a_worker_that_was_overtaken_does_not_store_its_outcome_either(
    committed_cast: Cast, settled: Settled
) -> None:
    class Overtaken(Scripted):
        def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
            _lose_the_session()
            deliver_due({"smtp": Scripted([{CARLA: Fate.DEFERRED, JON: Fate.DEFERRED}])}, settled)
            return Outcome.of_all(mail.recipients, Fate.REFUSED, error="550 5.7.1 no")

    message = post(committed_cast)
    deliver_due({"smtp": Overtaken()}, settled)

    assert again(message).state == State.QUEUED
    assert recipients(message) == {CARLA: "queued", JON: "queued"}
    assert settled.states == [State.QUEUED]


def test_an_outcome_that_was_known_replaces_the_uncertainty_of_who_found_the_row(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)

    def lose_the_session() -> None:
        _lose_the_session()
        deliver_due({"smtp": Scripted()}, settled)
        assert again(message).state == State.UNCERTAIN

    sender.after_dot = lose_the_session
    deliver_due({"smtp": sender}, settled)

    assert again(message).state == State.SENT
    assert recipients(message) == {CARLA: "sent", JON: "sent"}
    assert settled.states == [State.UNCERTAIN, State.SENT]


def test_the_outcome_is_stored_although_the_database_went_away_meanwhile(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)

    def kill() -> None:
        with as_owner() as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    sender.after_dot = kill
    deliver_due({"smtp": sender}, settled)
    assert again(message).state == State.SENT


def test_an_outbox_without_a_database_raises_and_sends_nothing_twice(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)

    def kill() -> None:
        with as_owner() as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    sender.before_dot = kill
    dots: list[bool] = []
    sender.after_dot = lambda: dots.append(True)
    deliver_due({"smtp": sender}, settled)  # the phase could not be stored: no dot
    assert dots == []
    assert again(message).state == State.QUEUED

    sender.before_dot = lambda: None
    make_due(message)
    deliver_due({"smtp": sender}, settled)
    assert dots == [True]
    assert again(message).state == State.SENT


def test_a_mail_that_was_taken_back_is_not_sent(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    message = post(committed_cast)
    with company(committed_cast.dealer.id):
        assert take_back(message)
    assert deliver_due({"smtp": sender}, settled) == 0
    assert again(message).state == State.CANCELLED


def test_a_mail_that_was_tried_cannot_be_taken_back(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{CARLA: Fate.DEFERRED, JON: Fate.DEFERRED}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    with company(committed_cast.dealer.id):
        assert not take_back(message)


# Send again


def test_an_uncertain_mail_is_sent_again_only_when_somebody_asks(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{CARLA: Fate.UNCERTAIN}, {}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    with company(committed_cast.dealer.id):
        assert send_again(message, now=timezone.now())
        assert not take_back(message)  # it may be there already
    deliver_due({"smtp": sender}, settled)

    assert sender.sent_to() == [CARLA, JON, CARLA]
    assert sender.attempts[0].content == sender.attempts[1].content
    assert again(message).state == State.SENT


def test_a_failed_mail_gets_another_day(committed_cast: Cast, sender: Scripted, settled: Settled) -> None:
    sender.fates = [{CARLA: Fate.REFUSED, JON: Fate.REFUSED}, {}]
    message = post(committed_cast)
    make_due(message, give_up_at=timezone.now())
    deliver_due({"smtp": sender}, settled)
    now = timezone.now()
    with company(committed_cast.dealer.id):
        assert send_again(message, now=now)
    assert again(message).give_up_at == now + timedelta(hours=24)
    deliver_due({"smtp": sender}, settled)
    assert recipients(message) == {CARLA: "sent", JON: "sent"}


def test_a_refused_recipient_of_a_sent_mail_can_be_tried_again_alone(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{JON: Fate.REFUSED}, {}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    with company(committed_cast.dealer.id):
        assert send_again(message, now=timezone.now())
    deliver_due({"smtp": sender}, settled)
    assert sender.sent_to() == [CARLA, JON, JON]


def test_a_mail_that_waits_for_its_next_try_is_hurried_up_and_nobody_gets_it_twice(
    committed_cast: Cast, sender: Scripted, settled: Settled
) -> None:
    sender.fates = [{CARLA: Fate.UNCERTAIN, JON: Fate.DEFERRED}, {}]
    message = post(committed_cast)
    deliver_due({"smtp": sender}, settled)
    give_up_at = again(message).give_up_at
    with company(committed_cast.dealer.id):
        assert send_again(message, now=timezone.now())
    deliver_due({"smtp": sender}, settled)
    assert sender.sent_to() == [CARLA, JON, JON]
    assert recipients(message) == {CARLA: "uncertain", JON: "sent"}
    assert again(message).give_up_at == give_up_at


@pytest.mark.parametrize("state", [State.SENT, State.SENDING, State.CANCELLED])
def test_what_is_on_its_way_or_done_is_not_sent_again(committed_cast: Cast, state: str) -> None:
    message = post(committed_cast)
    make_due(message, state=state)
    with company(committed_cast.dealer.id):
        message.recipients.update(state="sent")
        assert not send_again(message, now=timezone.now())
    assert again(message).state == state


def test_no_company_can_send_another_ones_mail(committed_cast: Cast) -> None:
    message = post(committed_cast)
    make_due(message, state=State.UNCERTAIN)
    with company(committed_cast.farm.id):
        assert not send_again(message, now=timezone.now())
    assert again(message).state == State.UNCERTAIN
