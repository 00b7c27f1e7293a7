"""After a restore nothing leaves until somebody says so; what waited before it is never sent by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery import hold
from emailhub.delivery.again import send_again
from emailhub.delivery.deliver import deliver_due
from emailhub.delivery.hold import Released
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.desk.models import Activity
from emailhub.desk.settle import settle
from tests.cast import CARLA, JON, Cast
from tests.conftest import as_owner
from tests.delivery.scripted import Scripted, again, make_due, recipients
from tests.web import desk

State = OutgoingMessage.State
RecipientState = OutgoingRecipient.State


def restore() -> None:
    """What a restore does in the end: what is there was in the back-up, and the outbox is held."""
    with as_owner() as owner:
        owner.execute(hold.hold_restored(timezone.now()).encode())


def send(cast: Cast, **fields: object) -> OutgoingMessage:
    """A mail on a ticket, due."""
    with company(cast.dealer.id):
        ticket = desk.open_ticket(cast.service, cast.carla)
        activity = desk.send(
            ticket, cast.ana, state=State.QUEUED, attempts=0, results={CARLA: "queued", JON: "queued"}
        )
        outgoing = activity.message.outgoing
        assert outgoing
    make_due(outgoing, **fields)
    return again(outgoing)


def deliver(sender: Scripted) -> int:
    return deliver_due({"smtp": sender}, settle)


def release(cast: Cast, *, send_waiting: bool = False) -> Released:
    companies = [cast.dealer.id, cast.farm.id]
    return hold.release(companies, settle, send_waiting=send_waiting, now=timezone.now())


def test_nothing_is_due_in_a_held_outbox(committed_cast: Cast) -> None:
    sender = Scripted()
    restore()
    late = send(committed_cast)
    assert hold.current_hold() is not None
    assert deliver(sender) == 0
    assert sender.attempts == []
    assert again(late).state == State.QUEUED


def test_what_waited_before_the_back_up_becomes_uncertain_and_is_never_sent_by_itself(
    committed_cast: Cast,
) -> None:
    sender = Scripted()
    waited = send(committed_cast)
    restore()
    assert again(waited).state == State.UNCERTAIN
    assert recipients(waited) == {CARLA: "uncertain", JON: "uncertain"}
    assert release(committed_cast) == Released(uncertain=1)
    assert hold.current_hold() is None
    assert deliver(sender) == 0
    with company(committed_cast.dealer.id):
        told = Activity.objects.filter(kind=Activity.Kind.NOT_DELIVERED).values_list("detail", flat=True)
        assert [(detail["address"], detail["state"]) for detail in told] == [
            (CARLA, "uncertain"),
            (JON, "uncertain"),
        ]


def test_what_was_written_since_the_restore_leaves_at_the_release(committed_cast: Cast) -> None:
    sender = Scripted()
    restore()
    late = send(committed_cast)
    assert release(committed_cast) == Released(written_since=1)
    assert deliver(sender) == 1
    assert again(late).state == State.SENT


def test_an_installation_that_was_moved_sends_what_waited(committed_cast: Cast) -> None:
    sender = Scripted()
    waited = send(committed_cast)
    restore()
    assert release(committed_cast, send_waiting=True) == Released(sent_again=1)
    assert deliver(sender) == 1
    assert sender.sent_to() == [CARLA, JON]
    assert again(waited).state == State.SENT


def test_a_mail_whose_last_octet_had_left_stays_uncertain_also_after_a_move(committed_cast: Cast) -> None:
    sender = Scripted()
    waited = send(committed_cast, state=State.SENDING, phase=OutgoingMessage.Phase.DATA_SENT)
    with company(committed_cast.dealer.id):
        waited.recipients.filter(address=CARLA).update(state=RecipientState.UNCERTAIN)
    restore()
    assert release(committed_cast, send_waiting=True) == Released(sent_again=1)
    assert deliver(sender) == 1
    assert sender.sent_to() == [JON]  # who had been put off before the dot
    assert again(waited).state == State.UNCERTAIN
    assert recipients(waited) == {CARLA: "uncertain", JON: "sent"}


def test_what_an_advisor_sends_again_during_the_hold_leaves_at_the_release(committed_cast: Cast) -> None:
    sender = Scripted()
    waited = send(committed_cast)
    restore()
    with company(committed_cast.dealer.id):
        assert send_again(waited, now=timezone.now())
    assert deliver(sender) == 0
    assert release(committed_cast) == Released(written_since=1)
    assert deliver(sender) == 1


def test_a_later_restore_does_not_send_what_an_earlier_one_left(committed_cast: Cast) -> None:
    sender = Scripted()
    send(committed_cast)
    restore()
    release(committed_cast)
    restore()
    assert release(committed_cast, send_waiting=True) == Released()
    assert deliver(sender) == 0


def test_the_time_of_the_hold_is_not_held_against_a_mail(committed_cast: Cast) -> None:
    restore()
    late = send(committed_cast, give_up_at=timezone.now() - timedelta(hours=1))
    release(committed_cast)
    assert deliver(Scripted()) == 1
    assert again(late).state == State.SENT


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.CANCELLED, State.UNCERTAIN])
def test_what_was_settled_before_the_back_up_is_left_as_it_was(committed_cast: Cast, state: str) -> None:
    settled = send(committed_cast, state=state)
    before = recipients(settled)
    restore()
    release(committed_cast, send_waiting=True)
    assert again(settled).state == state
    assert recipients(settled) == before


def test_a_release_wakes_the_workers(committed_cast: Cast) -> None:
    restore()
    with as_owner() as listener:
        listener.execute("LISTEN emailhub_outgoing")
        release(committed_cast)
        assert [notice.channel for notice in listener.notifies(timeout=30, stop_after=1)] == [
            "emailhub_outgoing"
        ]


def test_what_came_in_before_the_back_up_is_known_for_good(committed_cast: Cast) -> None:
    before = timezone.now()
    assert not hold.was_in_a_back_up(before)
    restore()
    assert hold.was_in_a_back_up(before)
    release(committed_cast)
    assert hold.was_in_a_back_up(before)
    assert not hold.was_in_a_back_up(timezone.now())
