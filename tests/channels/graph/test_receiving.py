"""Mail comes in from a mailbox at Microsoft 365: each once, none lost, and the mailbox stays people's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.channels.graph import position
from emailhub.channels.graph.visit import visit
from emailhub.delivery.models import Connection
from emailhub.desk.models import Activity, Message, Ticket
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_due
from emailhub.intake.verdict import Verifier
from tests.cast import CARLA
from tests.letters import letter
from tests.post import deliver, drain

from .conftest import SUPPORT, Connected


def subjects(connected: Connected) -> list[str]:
    with company(connected.cast.dealer.id):
        return sorted(Message.objects.values_list("subject", flat=True))


def outcomes(connected: Connected) -> list[str]:
    with company(connected.cast.dealer.id):
        return sorted(ReceivedMessage.objects.values_list("outcome", flat=True))


def test_a_mail_in_the_mailbox_is_a_ticket_once_and_is_read_over_there(connected: Connected) -> None:
    item = connected.mailbox.receive(letter(CARLA, SUPPORT, "The pump leaks"))
    connection = connected.visit()
    connected.visit()

    assert (subjects(connected), outcomes(connected)) == (["The pump leaks"], ["ticket"])
    with company(connected.cast.dealer.id):
        received = ReceivedMessage.objects.get()
        assert (received.channel, received.rcpt_to) == ("graph", [SUPPORT])
        assert received.mail_from == CARLA
    assert item.is_read and item.folder == "inbox"
    assert (connection.state, connection.problem) == (Connection.State.WORKING, "")
    assert connection.last_in_at and connection.due_at and connection.due_at > timezone.now()


def test_what_exchange_found_of_the_sender_is_believed(connected: Connected) -> None:
    found = "spf=fail;dmarc=fail action=oreject header.from=customer.example;compauth=fail"
    connected.mailbox.receive(letter(CARLA, SUPPORT, headers={"Authentication-Results": found}))
    visit(connected.connection.pk, connected.cast.dealer.id, now=timezone.now())
    process_due(verify=Verifier(lookups=None))
    with company(connected.cast.dealer.id):
        received = ReceivedMessage.objects.get()
    assert (received.verdict, received.policy) == ("fail", "reject")


def test_what_was_there_before_it_was_connected_stays_where_it_is(connected: Connected) -> None:
    old = connected.mailbox.receive(letter(CARLA, SUPPORT), at=timezone.now() - timedelta(days=3))
    connected.visit()
    assert subjects(connected) == []
    assert not old.is_read


def test_mails_are_archived_or_left_alone_as_the_team_chose(connected: Connected) -> None:
    archived = connected.mailbox.receive(letter(CARLA, SUPPORT))
    set_after(connected, "archive")
    connected.visit()
    assert (archived.folder, archived.is_read) == ("archive", True)

    left = connected.mailbox.receive(letter(CARLA, SUPPORT))
    set_after(connected, "leave")
    connected.visit()
    assert (left.folder, left.is_read) == ("inbox", False)
    assert len(subjects(connected)) == 2
    assert not connected.double.asked("DELETE")


def set_after(connected: Connected, after: str) -> None:
    with company(connected.cast.dealer.id):
        connection = Connection.objects.get(pk=connected.connection.pk)
        connection.settings = {**connection.settings, "after": after}
        connection.save()


@pytest.mark.parametrize("step", ["before the commit", "after the commit", "before the place is kept"])
def test_a_worker_that_is_killed_in_between_loses_no_mail_and_takes_none_in_twice(
    connected: Connected, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    for number in range(3):
        connected.mailbox.receive(letter(CARLA, SUPPORT, f"Mail {number}"))
    die_at(step, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        connected.visit()
    monkeypatch.undo()
    monkeypatch.setenv("SSL_CERT_FILE", connected.double.ca)

    connected.visit()
    assert subjects(connected) == ["Mail 0", "Mail 1", "Mail 2"]
    assert outcomes(connected) == ["ticket"] * 3


def die_at(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second mail be the one at which the worker dies."""
    calls = [0]
    name = "keep_position" if step == "before the place is kept" else "remember"
    known = getattr(position, name)

    def dying(*arguments: Any, **options: Any) -> Any:
        calls[0] += 1
        if name == "keep_position" or calls[0] == 2:
            if step == "after the commit":
                return known(*arguments, **options)
            raise KeyboardInterrupt
        if calls[0] == 3:
            raise KeyboardInterrupt
        return known(*arguments, **options)

    monkeypatch.setattr(position, name, dying)


def test_where_the_place_was_forgotten_all_is_looked_at_anew_and_nothing_comes_twice(
    connected: Connected,
) -> None:
    connected.double.graph.page_size = 2
    for number in range(5):
        connected.mailbox.receive(letter(CARLA, SUPPORT, f"Mail {number}"))
    connected.visit()
    connected.mailbox.generation += 1
    connected.mailbox.receive(letter(CARLA, SUPPORT, "Mail 5"))
    for _ in range(3):  # one finds that the place is gone, for each folder
        connected.visit()
    assert subjects(connected) == [f"Mail {number}" for number in range(6)]
    assert outcomes(connected) == ["ticket"] * 6


def test_one_mail_that_cannot_be_fetched_holds_up_none_behind_it_and_comes_when_it_can(
    connected: Connected,
) -> None:
    bad = connected.mailbox.receive(letter(CARLA, SUPPORT, "Bad"))
    connected.mailbox.receive(letter(CARLA, SUPPORT, "Good"))
    connected.double.fail("GET", rf"{bad.id}/\$value", 500, "ErrorInternalServerError", times=2)
    connection = connected.visit()
    assert subjects(connected) == ["Good"]
    assert (connection.state, connection.problem) == (Connection.State.FAILING, "graph_left")

    connected.visit()
    assert connected.visit().state == Connection.State.WORKING
    assert subjects(connected) == ["Bad", "Good"]


def test_a_mail_that_somebody_moved_away_meanwhile_is_no_trouble(connected: Connected) -> None:
    item = connected.mailbox.receive(letter(CARLA, SUPPORT))
    connected.double.fail("GET", rf"{item.id}/\$value", 404, "ErrorItemNotFound")
    assert connected.visit().state == Connection.State.WORKING


def test_the_same_mail_by_two_ways_is_one_activity(connected: Connected) -> None:
    raw = letter(CARLA, SUPPORT, "Twice")
    deliver(raw)
    drain()
    connected.mailbox.receive(raw)
    connected.visit()
    assert subjects(connected) == ["Twice"]
    assert outcomes(connected) == ["duplicate", "ticket"]


def test_a_mail_that_is_too_large_is_announced_by_its_header(connected: Connected, settings: Any) -> None:
    settings.MAX_MESSAGE_SIZE = 20_000
    files = (("big.bin", "application/octet-stream", bytes(60_000)),)
    connected.mailbox.receive(letter(CARLA, SUPPORT, "Large", files=files))
    connected.visit()
    with company(connected.cast.dealer.id):
        message = Message.objects.get()
    assert message.subject == "Large"
    assert "MB" in message.text


def test_a_link_that_leads_elsewhere_gets_no_token(connected: Connected) -> None:
    connected.visit()
    with company(connected.cast.dealer.id):
        row = Connection.objects.get(pk=connected.connection.pk)
        row.cursor = {**row.cursor, "inbox": {"link": "https://evil.example/v1.0/users/x", "seen": None}}
        row.save()
    before = len(connected.double.requests)
    connection = connected.visit()
    assert connection.state == Connection.State.FAILING
    assert "another place" in connection.problem_detail
    assert len(connected.double.requests) == before


def test_an_answer_that_a_colleague_sent_from_outlook_is_on_its_ticket(connected: Connected) -> None:
    connected.mailbox.receive(letter(CARLA, SUPPORT, "The pump leaks", message_id="q1@customer.example"))
    connected.visit()
    answer = letter(
        f"Support <{SUPPORT}>",
        CARLA,
        "RE: The pump leaks",
        "We come at noon.",
        in_reply_to="q1@customer.example",
    )
    connected.mailbox.send_from_outlook(answer)
    unrelated = letter(f"Support <{SUPPORT}>", "stranger@elsewhere.example", "Lunch?")
    connected.mailbox.send_from_outlook(unrelated)
    connected.visit()
    connected.visit()

    with company(connected.cast.dealer.id):
        ticket = Ticket.objects.get()
        sent = ticket.activities.get(kind=Activity.Kind.SENT)
        assert sent.text.strip() == "We come at noon."
        assert sent.message.flags == ["sent_outside"]
        assert not sent.message.is_received
        assert ticket.needs_reply_since is None
    assert subjects(connected) == ["RE: The pump leaks", "The pump leaks"]


def test_the_customers_answer_to_what_outlook_sent_goes_on_the_same_ticket(connected: Connected) -> None:
    connected.mailbox.receive(letter(CARLA, SUPPORT, "Pump", message_id="q2@customer.example"))
    connected.visit()
    connected.mailbox.send_from_outlook(
        letter(SUPPORT, CARLA, "RE: Pump", in_reply_to="q2@customer.example", message_id="o2@outlook.example")
    )
    connected.visit()
    connected.mailbox.receive(letter(CARLA, SUPPORT, "RE: Pump", in_reply_to="o2@outlook.example"))
    connected.visit()
    with company(connected.cast.dealer.id):
        assert Ticket.objects.count() == 1


def test_a_sent_mail_waits_for_the_mail_that_it_answers(connected: Connected) -> None:
    """The customer's mail is ours and not filed yet when the answer is seen: it must not be passed over."""
    connected.mailbox.receive(letter(CARLA, SUPPORT, "Pump", message_id="q3@customer.example"))
    connected.mailbox.send_from_outlook(letter(SUPPORT, CARLA, "RE: Pump", in_reply_to="q3@customer.example"))
    visit(connected.connection.pk, connected.cast.dealer.id, now=timezone.now())  # nothing filed
    connected.visit()
    connected.visit()
    assert subjects(connected) == ["Pump", "RE: Pump"]


def test_a_mailbox_that_we_cannot_read_for_our_own_fault_lets_the_others_have_their_turn(
    connected: Connected,
) -> None:
    with company(connected.cast.dealer.id):
        Connection.objects.filter(pk=connected.connection.pk).update(cursor={})
    found = connected.visit()
    assert (found.state, found.problem, found.problem_detail) == ("failing", "ours", "KeyError")
    assert found.due_at and found.due_at > timezone.now()
