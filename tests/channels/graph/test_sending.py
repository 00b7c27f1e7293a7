"""Mail leaves by a mailbox at Microsoft 365: once, to whom it should, whatever goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from emailhub import mail, store
from emailhub.accounts.tenancy import company
from emailhub.channels.graph.send import GraphSender
from emailhub.delivery.deliver import deliver_due
from emailhub.delivery.models import Connection, OutgoingMessage, RemoteMessage
from emailhub.delivery.outbox import enqueue
from emailhub.desk.settle import settle
from emailhub.hub.automatic_replies import set_automatic_reply
from emailhub.rules import ReplyKind
from tests.cast import CARLA, JON
from tests.letters import letter

from .conftest import SUPPORT, Connected
from .test_take_apart import finished, read

State = OutgoingMessage.State


def put_in_the_outbox(connected: Connected, content: bytes, *people: str) -> OutgoingMessage:
    with company(connected.cast.dealer.id):
        return enqueue(
            company_id=connected.cast.dealer.id,
            channel="graph",
            connection=connected.connection,
            message_id=mail.parse(content).message_id,
            content=content,
            recipients=people or (CARLA, JON),
            due_at=timezone.now(),
            now=timezone.now(),
        )


def deliver(message: OutgoingMessage, connected: Connected) -> OutgoingMessage:
    """One attempt, now."""
    with company(connected.cast.dealer.id):
        OutgoingMessage.objects.filter(pk=message.pk, state=State.QUEUED).update(due_at=timezone.now())
    deliver_due({"graph": GraphSender()}, settle)
    with company(connected.cast.dealer.id):
        return OutgoingMessage.objects.get(pk=message.pk)


def sent(connected: Connected) -> list[Any]:
    return connected.mailbox.in_folder("sentitems")


def test_a_mail_is_sent_with_its_large_files_and_its_blind_copies(connected: Connected) -> None:
    content = finished(3_300_000, 40_000)
    message = put_in_the_outbox(connected, content, CARLA, JON, "boss@dealer.example")
    assert deliver(message, connected).state == State.SENT

    [item] = sent(connected)
    before, after = read(content), read(item.mime)
    assert after["files"] == before["files"]
    assert {**after, "head": None} == {**before, "head": None}
    assert [to["emailAddress"]["address"] for to in item.bcc] == ["boss@dealer.example"]
    assert not connected.mailbox.in_folder("drafts")
    assert connected.again().last_out_at is not None


def test_the_copy_in_sent_items_is_known_as_ours_and_not_imported(connected: Connected) -> None:
    message = put_in_the_outbox(connected, finished())
    deliver(message, connected)
    connected.visit()
    with company(connected.cast.dealer.id):
        copy = RemoteMessage.objects.get(remote_id=sent(connected)[0].id)
        assert copy.outgoing == message
        assert OutgoingMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "problem"),
    [
        ("POST", "/messages$", 429, "ApplicationThrottled", "graph_throttled"),
        ("POST", "/createUploadSession$", 503, "ServiceUnavailable", "graph_away"),
        ("PUT", "/AttachmentSessions/", None, "", "graph_away"),
        ("POST", "/send$", 503, "ServiceUnavailable", "graph_away"),
        ("POST", "/send$", 403, "ErrorAccessDenied", "graph_denied"),
        ("POST", "/messages$", None, "", "graph_away"),
    ],
)
def test_what_is_refused_for_now_waits_with_its_reason_and_is_sent_once_later(
    connected: Connected, method: str, path: str, status: int | None, code: str, problem: str
) -> None:
    content = finished(*([3_200_000] if "pload" in path or "Session" in path else []))
    message = put_in_the_outbox(connected, content)
    connected.double.fail(method, path, status, code)
    waiting = deliver(message, connected)
    assert (waiting.state, connected.again().problem) == (State.QUEUED, problem)
    assert waiting.due_at - timezone.now() < timedelta(minutes=2)
    assert sent(connected) == []

    assert deliver(message, connected).state == State.SENT
    assert len(sent(connected)) == 1
    assert not connected.mailbox.in_folder("drafts")


def test_without_the_right_to_send_as_the_mailbox_mail_waits_while_mail_still_comes_in(
    connected: Connected,
) -> None:
    connected.double.graph.no_send_as.add(SUPPORT)
    message = put_in_the_outbox(connected, finished())
    assert deliver(message, connected).state == State.QUEUED
    stopped = connected.again()
    assert (stopped.state, stopped.problem) == (Connection.State.STOPPED, "graph_send_as")
    assert stopped.due_at and stopped.due_at <= timezone.now()
    assert connected.visit().problem == "graph_send_as"

    connected.double.graph.no_send_as.clear()
    assert deliver(message, connected).state == State.SENT
    assert connected.visit().problem == ""


def test_a_mail_that_exchange_will_not_have_is_refused_with_its_words(connected: Connected) -> None:
    connected.double.graph.most_bytes = 1000
    refused = deliver(put_in_the_outbox(connected, finished()), connected)
    assert refused.state == State.FAILED
    assert "ErrorMessageSizeExceeded" in refused.last_error
    assert not connected.mailbox.in_folder("drafts")
    assert connected.again().problem == ""


def test_an_answer_that_was_lost_after_sending_is_found_out_by_looking(connected: Connected) -> None:
    message = put_in_the_outbox(connected, finished())
    connected.double.fail("POST", "/send$", None, after=True)
    assert deliver(message, connected).state == State.SENT
    assert len(sent(connected)) == 1


def test_what_cannot_be_found_out_is_uncertain_until_the_copy_is_seen(connected: Connected) -> None:
    message = put_in_the_outbox(connected, finished())
    connected.double.fail("POST", "/send$", None, after=True)
    connected.double.fail("GET", "/messages/", None)
    assert deliver(message, connected).state == State.UNCERTAIN
    assert deliver(message, connected).state == State.UNCERTAIN

    connected.visit()
    with company(connected.cast.dealer.id):
        assert OutgoingMessage.objects.get().state == State.SENT
    assert len(sent(connected)) == 1


def test_what_was_certainly_not_sent_goes_out_by_itself_and_once(connected: Connected) -> None:
    message = put_in_the_outbox(connected, finished())
    connected.double.fail("POST", "/send$", None)
    connected.double.fail("GET", "/messages/", None)
    assert deliver(message, connected).state == State.UNCERTAIN
    with company(connected.cast.dealer.id):
        RemoteMessage.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    connected.visit()
    assert deliver(message, connected).state == State.SENT
    assert len(sent(connected)) == 1


def test_a_second_try_of_what_was_sent_sends_nothing(connected: Connected) -> None:
    """The worker died between Exchange's 202 and our commit; a person says: send it again."""
    message = put_in_the_outbox(connected, finished())
    deliver(message, connected)
    with company(connected.cast.dealer.id):
        OutgoingMessage.objects.update(state=State.QUEUED)
        message.recipients.update(state="queued")
    assert deliver(message, connected).state == State.SENT
    assert len(sent(connected)) == 1


def test_a_token_that_runs_out_is_renewed_without_a_word(connected: Connected) -> None:
    connected.visit()
    connected.double.forget_tokens()
    assert deliver(put_in_the_outbox(connected, finished()), connected).state == State.SENT


@pytest.mark.parametrize(
    ("error", "words", "problem"),
    [
        ("unauthorized_client", "AADSTS700016: Application was not found in the directory", "graph_consent"),
        ("invalid_client", "AADSTS7000222: The provided client secret keys are expired.", "graph_secret"),
    ],
)
def test_without_consent_mail_waits_on_both_sides_and_goes_on_where_it_stopped(
    connected: Connected, error: str, words: str, problem: str
) -> None:
    connected.double.login.refusal = (error, words)
    connected.mailbox.receive(finished())
    message = put_in_the_outbox(connected, finished())
    assert deliver(message, connected).state == State.QUEUED
    connection = connected.visit()
    assert (connection.state, connection.problem) == (Connection.State.STOPPED, problem)
    assert words in connection.problem_detail

    connected.double.login.refusal = None
    assert connected.visit().state == Connection.State.WORKING
    assert deliver(message, connected).state == State.SENT


def test_an_id_that_exchange_chose_leads_answers_to_the_ticket(connected: Connected) -> None:
    connected.double.graph.keeps_message_id = False
    connected.mailbox.receive(letter(CARLA, SUPPORT, "Pump"))
    connected.visit()
    activity = connected.reply("We come at noon.")
    deliver(activity.message.outgoing, connected)
    [item] = sent(connected)
    assert item.message_id.endswith("outlook.com>")
    answer = letter(
        "New Person <new@customer.example>", SUPPORT, "RE: Pump", in_reply_to=item.message_id.strip("<>")
    )
    connected.mailbox.receive(answer)
    connected.visit()
    with company(connected.cast.dealer.id):
        assert activity.ticket.messages.filter(sender_address="new@customer.example").exists()
        assert OutgoingMessage.objects.count() == 1


def test_an_automatic_reply_leaves_by_our_relay_with_its_headers_and_leads_back_to_the_team(
    connected: Connected,
) -> None:
    """Exchange would take Auto-Submitted away, and two machines would answer each other."""
    cast, texts = connected.cast, {"en": {"subject": "We have it", "html": "<p>Thank you.</p>"}}
    with company(cast.dealer.id):
        set_automatic_reply(
            cast.service,
            ReplyKind.ACKNOWLEDGEMENT,
            enabled=True,
            texts=texts,
            by=cast.ana,
            now=timezone.now(),
        )
    connected.mailbox.receive(letter(CARLA, SUPPORT, "Pump", headers={"Return-Path": f"<{CARLA}>"}))
    connected.visit()
    with company(cast.dealer.id):
        outgoing = OutgoingMessage.objects.get()
        raw = store.get(cast.dealer.id, outgoing.content_key)
    assert (outgoing.channel, outgoing.connection) == ("smtp", None)
    message = mail.parse(raw)
    assert message.sender and message.sender.address == cast.service_address
    assert [box.address for box in message.reply_to] == [SUPPORT]
    assert b"Auto-Submitted: auto-replied" in raw
