"""A person is forgotten: nothing names them any more, and their tickets stay."""

from __future__ import annotations

import json

import pytest
from django.core import serializers
from django.db import models
from django.utils import timezone

from emailhub import store
from emailhub.accounts.models import AuditEntry
from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import add_phone, create_contact, edit_contact
from emailhub.desk.errors import ContactsNotAllowedError, SameContactError
from emailhub.desk.models import Activity, Attachment, Contact, Message, Participant, Ticket
from emailhub.desk.remote_pictures import show_always
from emailhub.intake.erasing import erase_contact
from emailhub.intake.models import ReceivedMessage
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed
from tests.web import desk

NAMES = ("Carla", "carla@customer", "600111222", "Ruiz")


def stories(cast: Cast) -> Ticket:
    """Carla writes with a file, Ana answers; she is copied on a ticket of Jon's."""
    text = "Carla Ruiz here: my number is 600111222."
    raw = letter(f"Carla Ruiz <{CARLA}>", text=text, files=(("pump.txt", "text/plain", b"Carla's pump"),))
    first = filed(cast.dealer.id, raw)
    filed(cast.dealer.id, letter(f"Jon <{JON}>", subject="Wheels", text="Wheels", cc=f"Carla <{CARLA}>"))
    with company(cast.dealer.id):
        show_always(Message.objects.get(ticket=first.ticket), by=cast.ana, now=timezone.now())
        add_phone(cast.carla, "600 111 222")
        edit_contact(cast.carla, organisation="Ruiz e hijos")
        desk.send(Ticket.objects.get(pk=first.ticket_id), cast.ana, "Dear Carla, we come.")
        return Ticket.objects.get(pk=first.ticket_id)


def everything_stored(company_id: int) -> str:
    """All rows of the company that could name somebody, as text."""
    wanted = ("desk_", "intake_", "delivery_", "accounts_auditentry")
    with company(company_id):
        rows = [
            row
            for model in _models()
            if model._meta.db_table.startswith(wanted)
            for row in model._default_manager.all()
        ]
        return serializers.serialize("json", rows)


def _models() -> list[type[models.Model]]:
    from django.apps import apps

    return list(apps.get_models())


@pytest.mark.parametrize("texts", [False, True])
def test_the_ticket_stays_as_one_of_a_deleted_contact(committed_cast: Cast, texts: bool) -> None:
    cast = committed_cast
    ticket = stories(cast)
    with company(cast.dealer.id):
        erase_contact(cast.carla, texts=texts, by=cast.ana, now=timezone.now())
        contact = Contact.objects.get(pk=cast.carla.pk)
        assert (contact.name, contact.organisation, contact.confirmed_at) == ("Deleted contact", "", None)
        assert contact.erased_at
        assert not contact.emails.exists() and not contact.phones.exists()
        assert Ticket.objects.get(pk=ticket.pk).contact == contact
        assert not Participant.objects.filter(address=CARLA).exists()
        message = Message.objects.get(ticket=ticket, outgoing__isnull=True)
        assert (message.sender_name, message.sender_address) == ("", "")
        assert bool(message.text) is not texts
        assert Attachment.objects.filter(ticket=ticket).exists() is not texts
        assert AuditEntry.objects.get(kind="contact").what == f"#{contact.pk}"


def test_with_the_texts_nothing_that_is_stored_names_them_any_more(committed_cast: Cast) -> None:
    cast = committed_cast
    stories(cast)
    before = everything_stored(cast.dealer.id)
    assert all(name in before for name in NAMES)
    with company(cast.dealer.id):
        erase_contact(cast.carla, texts=True, by=cast.ana, now=timezone.now())
        raws = [
            store.get(cast.dealer.id, key)
            for key in ReceivedMessage.objects.exclude(sender_address=JON).values_list(
                "content_key", flat=True
            )
        ]
    left = json.loads(everything_stored(cast.dealer.id))
    named = [(row["model"], name) for row in left for name in NAMES if name in json.dumps(row)]
    assert named == []
    assert not any(b"Carla" in raw for raw in raws)


def test_whoever_wrote_nothing_is_gone_altogether(inside: Cast) -> None:
    gone = create_contact(inside.dealer, name="Eva", address="eva@x.example")
    erase_contact(gone, texts=False, by=inside.ana, now=timezone.now())
    assert not Contact.objects.filter(name__in=["Eva", "Deleted contact"]).exists()


def test_another_persons_words_on_another_ticket_stay(committed_cast: Cast) -> None:
    cast = committed_cast
    stories(cast)
    with company(cast.dealer.id):
        erase_contact(cast.carla, texts=True, by=cast.ana, now=timezone.now())
        wheels = Activity.objects.get(ticket__subject="Wheels", kind=Activity.Kind.RECEIVED)
        assert "Wheels" in wheels.text
        assert wheels.message.cc == []


def test_new_mail_from_them_makes_a_new_contact(committed_cast: Cast) -> None:
    cast = committed_cast
    old = stories(cast)
    with company(cast.dealer.id):
        erase_contact(cast.carla, texts=True, by=cast.ana, now=timezone.now())
    again = filed(cast.dealer.id, letter(f"Carla Ruiz <{CARLA}>", subject="Something new"))
    assert again.ticket_id != old.pk
    assert again.contact_id != cast.carla.pk


@pytest.mark.parametrize("who", ["ben", "vera"])
def test_erasing_is_for_who_manages(inside: Cast, who: str) -> None:
    with pytest.raises(ContactsNotAllowedError):
        erase_contact(inside.carla, texts=False, by=getattr(inside, who), now=timezone.now())
    assert Contact.objects.get(pk=inside.carla.pk).name == "Carla Ruiz"


def test_nobody_is_erased_twice(inside: Cast) -> None:
    desk.open_ticket(inside.service, inside.carla)
    erase_contact(inside.carla, texts=False, by=inside.ana, now=timezone.now())
    with pytest.raises(SameContactError):
        erase_contact(inside.carla, texts=False, by=inside.ana, now=timezone.now())
