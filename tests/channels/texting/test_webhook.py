"""What the gateway posts: signed or without any effect, once, and on the right ticket."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.channels.texting.reading import read_text
from emailhub.delivery.models import Connection
from emailhub.desk.contacts import add_phone
from emailhub.desk.models import Activity, Attachment, ChatMessage, ClosedNumber, Contact, Ticket
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_due
from tests.cast import CARLA, Cast
from tests.channels.texting.gateway import Fields, Gateway, incoming, running
from tests.letters import letter
from tests.post import filed
from tests.texting_lines import CARLAS, OURS, WHATSAPP, connect

GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"


@pytest.fixture
def line(cast: Cast) -> Connection:
    """The dealer's number; what belongs to no ticket is Parts'."""
    with company(cast.dealer.id):
        connection = connect(cast.dealer, whatsapp=WHATSAPP)
        connection.settings["team"] = cast.parts.pk
        connection.save()
        return connection


def hook(connection: Connection) -> str:
    return f"{settings.URL}/webhooks/texting/{connection.company_id}/{connection.pk}/"


def post(signed: tuple[str, Fields, str], *, signature: str | None = None) -> int:
    url, form, right = signed
    parts = urlsplit(url)
    answer = Client(headers={"host": parts.netloc}).post(
        f"{parts.path}?{parts.query}" if parts.query else parts.path,
        urlencode(form, doseq=True),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": right if signature is None else signature},
    )
    return answer.status_code


def text(connection: Connection, words: str, **more: str) -> tuple[str, Fields, str]:
    sender, to = more.pop("sender", CARLAS), more.pop("to", OURS)
    return incoming(hook(connection), words, sender=sender, to=to, **more)


def work() -> None:
    process_due(texts=read_text)


def rows() -> list[tuple[str, str]]:
    return list(ReceivedMessage.objects.order_by("id").values_list("state", "outcome"))


def test_what_is_not_signed_has_no_effect(cast: Cast, line: Connection) -> None:
    signed = text(line, "Hello")
    assert post(signed, signature="") == 403
    assert post(signed, signature="AAAA") == 403
    url, form, right = signed
    assert post((url, {**form, "Body": ["Hullo"]}, right)) == 403
    assert post((url.replace(f"/{line.company_id}/", f"/{cast.farm.id}/"), form, right)) == 403
    with company(cast.dealer.id):
        assert not rows()


def test_a_stranger_becomes_a_contact_and_a_ticket_and_the_same_message_comes_once(
    cast: Cast, line: Connection
) -> None:
    signed = text(line, "Is the pump there?")
    assert (post(signed), post(signed)) == (200, 200)
    work()
    with company(cast.dealer.id):
        ticket = Ticket.objects.get()
        assert (ticket.team, ticket.subject) == (cast.parts, "Is the pump there?")
        assert (ticket.contact.name, ticket.contact.confirmed_at) == ("+34 600 11 12 22", None)
        assert ticket.contact.phones.get().number == CARLAS
        assert ticket.needs_reply_since
        assert rows() == [("done", "ticket"), ("done", "duplicate")]
        row = ReceivedMessage.objects.earliest("id")
        assert row.filed_chat == ticket.chats.get()
        assert [step[0] for step in row.trace] == ["no_open_ticket", "new_ticket"]
        assert Connection.objects.get().last_in_at


def test_what_a_machine_without_a_number_writes_stays_together(cast: Cast, line: Connection) -> None:
    for words in ("Your parcel is here", "Your parcel waits"):
        post(text(line, words, sender="PARCELS"))
        work()
    with company(cast.dealer.id):
        assert [chat.activity.text for chat in Ticket.objects.get().chats.order_by("id")] == [
            "Your parcel is here",
            "Your parcel waits",
        ]
        assert Contact.objects.filter(name="PARCELS").count() == 1


def test_a_customer_s_text_joins_the_open_ticket_of_their_mail(cast: Cast, line: Connection) -> None:
    with company(cast.dealer.id):
        add_phone(cast.carla, CARLAS)
        mailed = filed(cast.dealer.id, letter(CARLA)).ticket
    post(text(line, "And by text"))
    work()
    with company(cast.dealer.id):
        assert ChatMessage.objects.get().ticket == mailed
        assert Ticket.objects.get().last_line == "And by text"


def test_stop_closes_the_number_and_start_opens_it(cast: Cast, line: Connection) -> None:
    for words, closed in (("¡Baja!", True), ("Still there?", True), ("ALTA", False)):
        post(text(line, words))
        work()
        with company(cast.dealer.id):
            assert ClosedNumber.objects.filter(number=CARLAS, kind="sms").exists() is closed
    with company(cast.dealer.id):
        first, second = Ticket.objects.order_by("id")
        assert (first.status, first.needs_reply_since) == ("closed", None)  # goodbye asks for nothing
        kinds = list(second.activities.order_by("id").values_list("kind", flat=True))
        assert kinds[-2:] == [Activity.Kind.CHAT_RECEIVED, Activity.Kind.OPTED_IN]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch, cast: Cast, line: Connection) -> Iterator[Gateway]:
    monkeypatch.setattr(settings, "EGRESS_ALLOWED", ["127.0.0.1"])
    with running() as gateway:
        with company(cast.dealer.id):
            line.settings["api"] = gateway.url
            line.save()
        yield gateway


def test_pictures_are_fetched_with_the_token_and_kept(cast: Cast, line: Connection, gateway: Gateway) -> None:
    url = gateway.keep("image/gif", GIF)
    gone = url + "0"
    whats = {"sender": f"whatsapp:{CARLAS}", "to": f"whatsapp:{WHATSAPP}", "ProfileName": "Carla R."}
    post(text(line, "", **whats, NumMedia="2", MediaUrl0=url, MediaContentType0="image/gif", MediaUrl1=gone))
    work()
    with company(cast.dealer.id):
        file = Attachment.objects.get()
        assert (file.filename, file.content_type, file.size) == ("1.gif", "image/gif", len(GIF))
        chat = ChatMessage.objects.get()
        assert (chat.kind, chat.activity.detail) == ("whatsapp", {"missing": 1})
        assert Contact.objects.get(phones__number=CARLAS).name == "Carla R."


def test_a_file_on_another_machine_is_not_told_our_token_and_a_private_one_is_not_asked(
    cast: Cast, line: Connection, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = gateway.keep("image/gif", GIF)
    with company(cast.dealer.id):
        line.settings["api"] = "https://elsewhere.example"
        line.save()
    post(text(line, "Look", NumMedia="1", MediaUrl0=url))
    work()
    with company(cast.dealer.id):
        assert ChatMessage.objects.get().activity.detail == {"missing": 1}  # 401 without the token
    monkeypatch.setattr(settings, "EGRESS_ALLOWED", [])
    post(text(line, "Look", NumMedia="1", MediaUrl0=url))
    work()
    with company(cast.dealer.id):
        assert rows()[-1] == ("waiting", "")  # tried again, and on the last try filed without it
