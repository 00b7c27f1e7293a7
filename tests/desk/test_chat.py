"""Writing to a customer by text message: which channels there are, what is stored, what is refused."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from emailhub import store
from emailhub.delivery.deliver import deliver_due
from emailhub.delivery.models import OutgoingMessage
from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome
from emailhub.desk import errors
from emailhub.desk.channels import Channel, Remedy, channels_of, default_of
from emailhub.desk.chat import Text, send_chat
from emailhub.desk.chat_lines import line_of
from emailhub.desk.chat_states import report_state
from emailhub.desk.closed_numbers import close_number
from emailhub.desk.contacts import add_phone, create_contact
from emailhub.desk.merging import merge
from emailhub.desk.models import Activity, ChatKind, ChatMessage, Contact, Draft, Ticket
from emailhub.desk.open_ticket import open_ticket
from emailhub.desk.person_export import export_person
from emailhub.desk.settle import settle
from emailhub.desk.uploads import own_uploads, upload
from emailhub.intake.erasing import erase_contact
from emailhub.intake.team_removal import delete_team
from emailhub.texting import TextState
from tests.cast import CARLA, Cast
from tests.desk.test_erasing import everything_stored
from tests.letters import letter
from tests.post import filed
from tests.texting_lines import CARLAS, OURS, WHATSAPP, connect

SMS, EMAIL, WHATS = Draft.Channel.CHAT, Draft.Channel.EMAIL, Draft.Channel.WHATSAPP


@pytest.fixture
def ticket(inside: Cast) -> Ticket:
    ticket: Ticket = filed(inside.dealer.id, letter(CARLA)).ticket
    return ticket


def text(words: str = "We come today", **changes: object) -> Text:
    return replace(Text(ChatKind.SMS, words, uuid.uuid4()), **changes)  # type: ignore[arg-type]


def menu(ticket: Ticket, cast: Cast) -> dict[Draft.Channel, Channel]:
    return {channel.name: channel for channel in channels_of(ticket, cast.ana, now=timezone.now())}


def test_the_menu_says_why_chat_cannot_be_used_and_what_would_help(inside: Cast, ticket: Ticket) -> None:
    assert menu(ticket, inside)[SMS].remedy is Remedy.SET_UP_CHAT
    assert channels_of(ticket, inside.ben, now=timezone.now())[0].remedy is None  # he cannot set it up
    connect(inside.dealer)
    assert WHATS not in menu(ticket, inside)
    without = menu(ticket, inside)[SMS]
    assert (without.enabled, without.remedy) == (False, Remedy.ADD_PHONE)
    assert isinstance(without.refusal, errors.NoPhoneError)
    add_phone(ticket.contact, "600 111 222")
    now_usable = menu(ticket, inside)[SMS]
    assert (now_usable.enabled, now_usable.to) == (True, CARLAS)
    nobody = create_contact(inside.dealer, name="Nobody")
    opened = open_ticket(team=inside.service, contact=nobody, subject="", by=inside.ana, now=timezone.now())
    assert menu(opened, inside)[EMAIL].remedy is Remedy.ADD_EMAIL
    assert default_of(opened, list(menu(opened, inside).values())) is None  # there are only notes


def test_a_team_without_emailhub_has_no_email_in_its_menu(inside: Cast, ticket: Ticket) -> None:
    inside.service.identity.enabled = False
    inside.service.identity.save()
    ticket.team.refresh_from_db()
    assert EMAIL not in menu(Ticket.objects.get(pk=ticket.pk), inside)


def test_the_default_is_the_channel_of_the_customers_last_message(inside: Cast, ticket: Ticket) -> None:
    connect(inside.dealer)
    assert default_of(ticket, list(menu(ticket, inside).values())) == EMAIL
    add_phone(ticket.contact, CARLAS)
    send_chat(ticket, text(), by=inside.ana, now=timezone.now())
    assert default_of(ticket, list(menu(ticket, inside).values())) == EMAIL  # ours is not the customer's
    ticket.activities.filter(kind=Activity.Kind.RECEIVED).delete()
    assert default_of(ticket, list(menu(ticket, inside).values())) == SMS  # the last one used
    ticket.contact.phones.all().delete()
    assert default_of(ticket, list(menu(ticket, inside).values())) == EMAIL  # the only one left


def test_a_chat_is_one_entry_and_one_message_in_the_outbox_however_often_it_is_sent(
    inside: Cast, ticket: Ticket
) -> None:
    connection = connect(inside.dealer)
    add_phone(ticket.contact, CARLAS)
    message = text("Sí, hoy 😀", then=Ticket.Status.WAITING)
    first = send_chat(ticket, message, by=inside.ana, now=timezone.now())
    again = send_chat(ticket, message, by=inside.ana, now=timezone.now())
    assert first == again
    outgoing = OutgoingMessage.objects.get()
    assert (outgoing.channel, outgoing.connection_id) == ("texting", connection.pk)
    content = json.loads(store.get(outgoing.company_id, outgoing.content_key))
    assert (content["from"], content["to"], content["text"]) == (OURS, CARLAS, "Sí, hoy 😀")
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.status, ticket.last_line) == (inside.ana, "waiting", "Sí, hoy 😀")
    assert (first.kind, first.chat.segments) == (Activity.Kind.CHAT_SENT, 1)


def test_the_team_s_own_number_goes_before_the_company_s(inside: Cast, ticket: Ticket) -> None:
    connect(inside.dealer, sms="+34910000099")
    connect(inside.dealer, team=inside.parts, sms="+34910000077")
    connect(inside.dealer, team=inside.service)
    add_phone(ticket.contact, CARLAS)
    assert send_chat(ticket, text(), by=inside.ana, now=timezone.now()).chat.own_number == OURS


def test_the_numbers_of_a_deleted_team_are_its_heirs(inside: Cast) -> None:
    own = connect(inside.dealer, team=inside.service)
    shared = connect(inside.dealer, sms="+34910000099")
    shared.settings["team"] = inside.service.pk
    shared.save()
    delete_team(inside.service, heir=inside.parts, by=inside.olga, now=timezone.now())
    line = line_of(inside.parts, ChatKind.SMS)
    assert line is not None
    assert line.connection == own
    shared.refresh_from_db()
    assert shared.settings["team"] == inside.parts.pk


def test_what_the_menu_disables_the_desk_refuses(inside: Cast, ticket: Ticket) -> None:
    now = timezone.now()

    def refused(message: Text, error: type[Exception]) -> None:
        with pytest.raises(error):
            send_chat(ticket, message, by=inside.ana, now=now)

    refused(text(), errors.ChatNotSetUpError)
    connect(inside.dealer, whatsapp=WHATSAPP)
    refused(text(), errors.NoPhoneError)
    add_phone(ticket.contact, CARLAS)
    refused(text(" \n"), errors.EmptyMessageError)
    refused(text("x" * 1601), errors.TooLongTextError)
    refused(text(kind=ChatKind.WHATSAPP), errors.WindowClosedError)
    refused(text(seen=1), errors.NewerActivityError)
    with pytest.raises(errors.NotAllowedError):
        send_chat(ticket, text(), by=inside.vera, now=now)
    close_number(inside.dealer.id, CARLAS, ChatKind.SMS, now=now)
    refused(text(), errors.ClosedNumberError)
    assert not ChatMessage.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_more_files_than_a_message_takes_are_refused_and_none_is_lost(inside: Cast, ticket: Ticket) -> None:
    connect(inside.dealer)
    add_phone(ticket.contact, CARLAS)
    files = [
        upload(inside.ana, filename=f"{number}.jpg", content_type="image/jpeg", content=b"x").public_id
        for number in range(11)
    ]
    with pytest.raises(errors.TooManyFilesError):
        send_chat(ticket, text(attachment_ids=tuple(files)), by=inside.ana, now=timezone.now())
    assert len(own_uploads(inside.ana, files)) == 11


def test_what_the_gateway_reports_never_leads_back_and_a_failure_is_told_once(
    inside: Cast, ticket: Ticket
) -> None:
    connect(inside.dealer)
    add_phone(ticket.contact, CARLAS)
    now = timezone.now()
    chats = [send_chat(ticket, text(), by=inside.ana, now=now).chat for _ in range(2)]

    def report(chat: ChatMessage, state: TextState, code: str = "") -> str:
        found = report_state(chat.key, gateway_id=f"SM{chat.pk}", state=state, error_code=code, now=now)
        assert found is not None
        return found.state

    assert report(chats[0], TextState.DELIVERED) == "delivered"
    assert report(chats[0], TextState.SENT) == "delivered"
    for _ in range(2):
        assert report(chats[1], TextState.FAILED, "21610") == "failed"
    told = ticket.activities.get(kind=Activity.Kind.NOT_DELIVERED)
    assert (told.detail["address"], told.detail["status"]) == (CARLAS, "21610")
    with pytest.raises(errors.ClosedNumberError):  # the gateway says that she asked for no more
        send_chat(ticket, text(), by=inside.ana, now=now + timedelta(minutes=1))
    assert report_state(uuid.uuid4(), gateway_id="SM9", state=TextState.SENT, now=now) is None


def test_a_merged_contact_brings_their_chats_along_and_a_forgotten_one_leaves_no_number(
    inside: Cast, ticket: Ticket
) -> None:
    connect(inside.dealer)
    now = timezone.now()
    twin = create_contact(inside.dealer, name="C. Ruiz")
    add_phone(twin, CARLAS)
    spoken = open_ticket(team=inside.service, contact=twin, subject="", by=inside.ana, now=now)
    chat = send_chat(spoken, text("Words for Carla"), by=inside.ana, now=now).chat
    deliver_due({"texting": Refusing()}, settle, at_most=1)
    merge(ticket.contact, twin, by=inside.ana, now=now)
    chat.refresh_from_db()
    assert chat.contact == ticket.contact
    export = io.BytesIO()
    export_person(ticket.contact, export, by=inside.olga, now=now)
    with zipfile.ZipFile(export) as archive:
        assert json.loads(archive.read("person.json"))["chats"][0]["text"] == "Words for Carla"
    erase_contact(Contact.objects.get(pk=ticket.contact_id), texts=True, by=inside.olga, now=now)
    stored = everything_stored(inside.dealer.id)
    assert CARLAS not in stored
    assert "Words for Carla" not in stored
    outgoing = OutgoingMessage.objects.get(desk_chat=chat)
    assert CARLAS.encode() not in store.get(outgoing.company_id, outgoing.content_key)


class Refusing:
    """A sender to whom nobody listens."""

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        return Outcome.of_all(mail.recipients, Fate.REFUSED, status="21211", error="no such number")

    def close(self) -> None:
        """Nothing is kept open."""
