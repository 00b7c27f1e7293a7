"""A text message on its way out, against the double of the gateway: one call, and its reports."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from urllib.parse import unquote, urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.channels.texting.calls import read_answer
from emailhub.channels.texting.send import TextSender
from emailhub.delivery.deliver import deliver_due
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.delivery.outcomes import Fate
from emailhub.desk.chat import Text, send_chat
from emailhub.desk.contacts import add_phone
from emailhub.desk.models import Activity, ChatKind, ChatMessage, ClosedNumber, Ticket
from emailhub.desk.open_ticket import open_ticket
from emailhub.desk.settle import settle
from emailhub.desk.uploads import upload
from tests.cast import Cast
from tests.channels.texting.gateway import Fields, Gateway, running
from tests.texting_lines import CARLAS, OURS, connect

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
State = OutgoingMessage.State


@pytest.fixture
def gateway(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setattr(settings, "EGRESS_ALLOWED", ["127.0.0.1"])
    with running() as gateway:
        with company(cast.dealer.id):
            connection = connect(cast.dealer)
            connection.settings["api"] = gateway.url
            connection.save()
            add_phone(cast.carla, CARLAS)
        yield gateway


def write(cast: Cast, words: str = "We come today", *, picture: bool = False) -> ChatMessage:
    """Send it, and let a worker carry what is due."""
    with company(cast.dealer.id):
        now = timezone.now()
        ticket = Ticket.objects.first() or open_ticket(
            team=cast.service, contact=cast.carla, subject="Pump", by=cast.ana, now=now
        )
        files = (
            [upload(cast.ana, filename="a pump.png", content_type="image/png", content=PNG)]
            if picture
            else []
        )
        message = Text(ChatKind.SMS, words, uuid.uuid4(), tuple(file.public_id for file in files))
        chat: ChatMessage = send_chat(ticket, message, by=cast.ana, now=now).chat
    deliver_due({"texting": TextSender()}, settle, at_most=1)
    return chat


def report(signed: tuple[str, Fields, str]) -> int:
    url, form, signature = signed
    parts = urlsplit(url)
    answer = Client(headers={"host": parts.netloc}).post(
        f"{parts.path}?{parts.query}",
        urlencode(form, doseq=True),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    return answer.status_code


def now_of(cast: Cast, chat: ChatMessage) -> tuple[str, str, str]:
    with company(cast.dealer.id):
        found = ChatMessage.objects.select_related("outgoing").get(pk=chat.pk)
        assert found.outgoing
        return found.outgoing.state, found.state, found.error_code


def test_a_message_is_asked_for_once_and_its_reports_find_it(cast: Cast, gateway: Gateway) -> None:
    chat = write(cast, "Sí, hoy")
    [(sid, form)] = gateway.sent.items()
    assert (form["From"], form["To"], form["Body"]) == ([OURS], [CARLAS], ["Sí, hoy"])
    assert now_of(cast, chat) == (State.SENT, "", "")
    assert report(gateway.status(sid, "delivered")) == 200
    assert report(gateway.status(sid, "sent")) == 200  # late
    assert now_of(cast, chat) == (State.SENT, "delivered", "")
    url, fields, signature = gateway.status(sid, "read")
    other = url.replace(str(chat.key), str(uuid.uuid4()))
    assert report((other, fields, signature)) == 403
    with company(cast.dealer.id):
        assert ChatMessage.objects.get().gateway_id == sid
        assert Connection.objects.get().last_out_at


def test_a_file_is_fetched_by_a_link_that_says_its_type(cast: Cast, gateway: Gateway) -> None:
    write(cast, picture=True)
    [form] = gateway.sent.values()
    link = urlsplit(form["MediaUrl"][0])
    visitor = Client(headers={"host": link.netloc})
    fetched = visitor.get(link.path)
    assert (fetched.status_code, fetched["Content-Type"]) == (200, "image/png")
    assert fetched["Content-Disposition"] == 'inline; filename="a_pump.png"'
    assert b"".join(fetched.streaming_content) == PNG  # type: ignore[attr-defined]
    assert visitor.get(unquote(link.path).replace("/media/texting/", "/media/texting/x")).status_code == 404


def test_a_refusal_is_told_in_the_timeline_and_stop_closes_the_number(cast: Cast, gateway: Gateway) -> None:
    gateway.stopped.add(CARLAS)
    chat = write(cast)
    assert now_of(cast, chat) == (State.FAILED, "failed", "21610")
    with company(cast.dealer.id):
        assert Activity.objects.get(kind=Activity.Kind.NOT_DELIVERED).detail["status"] == "21610"
        assert ClosedNumber.objects.get().number == CARLAS


def test_what_may_have_been_read_is_never_sent_again_by_itself_and_a_report_settles_it(
    cast: Cast, gateway: Gateway
) -> None:
    gateway.hangs_up = True
    chat = write(cast)
    assert now_of(cast, chat)[0] == State.UNCERTAIN
    gateway.hangs_up = False
    deliver_due({"texting": TextSender()}, settle)
    assert not gateway.sent
    hook = f"{settings.URL}/webhooks/texting/{cast.dealer.id}/{chat.connection_id}/status/"
    gateway.sent["SM1"] = {"To": [CARLAS], "From": [OURS], "StatusCallback": [f"{hook}?message={chat.key}"]}
    assert report(gateway.status("SM1", "delivered")) == 200
    assert now_of(cast, chat) == (State.SENT, "delivered", "")


def test_a_wrong_token_is_the_account_s_fault_and_the_message_waits(cast: Cast, gateway: Gateway) -> None:
    with company(cast.dealer.id):
        connection = Connection.objects.get()
        connection.secrets = {"token": "another"}
        connection.save()
    assert now_of(cast, write(cast)) == (State.QUEUED, "", "")
    with company(cast.dealer.id):
        connection.refresh_from_db()
        assert (connection.state, connection.problem) == ("failing", "texting_credentials")


@pytest.mark.parametrize(
    ("status", "code", "fate"),
    [
        (201, None, Fate.ACCEPTED),
        (400, 21211, Fate.REFUSED),
        (404, None, Fate.REFUSED),
        (429, 20429, Fate.DEFERRED),
        (401, 20003, Fate.DEFERRED),
        (503, None, Fate.DEFERRED),
        (500, None, Fate.UNCERTAIN),
    ],
)
def test_an_answer_of_the_gateway_decides_what_became_of_it(
    status: int, code: int | None, fate: Fate
) -> None:
    assert read_answer(status, {"code": code, "message": "no", "sid": "SM1"}).fate is fate
