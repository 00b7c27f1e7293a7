"""Two contacts become one: everything of the one that goes is the other's, and later mail too."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from emailhub.accounts.models import AuditEntry
from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import add_email, add_phone, create_contact, edit_contact, mark_shared
from emailhub.desk.errors import ContactsNotAllowedError, SameContactError
from emailhub.desk.merging import merge, preview_merge, survivor_of
from emailhub.desk.models import Activity, Contact, Message
from emailhub.desk.segments import create_segment, set_segments
from emailhub.desk.senders import hold_mail_from
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.locks import wait_until_somebody_waits
from tests.post import filed
from tests.web import desk

WORK = "carla@work.example"


def another_carla(cast: Cast) -> Contact:
    other = create_contact(cast.dealer, name="C. Ruiz", address=WORK, organisation="Ruiz SL")
    add_email(other, "carla@old.example")
    add_phone(other, "600 111 222")
    return other


def test_the_preview_says_what_is_taken_what_is_lost_and_what_moves(inside: Cast) -> None:
    other = another_carla(inside)
    edit_contact(other, account_number="A-7")
    edit_contact(inside.carla, account_number="A-1")
    set_segments(other, [create_segment(inside.dealer, "Dairy", by=inside.ben)], by=inside.ben)
    desk.open_ticket(inside.parts, other)
    shown = preview_merge(inside.carla, other)
    assert shown.taken == {"organisation": "Ruiz SL"}
    assert shown.dropped == {"name": "C. Ruiz", "account_number": "A-7"}
    assert shown.emails == [WORK, "carla@old.example"]
    assert (shown.phones, shown.segments, shown.tickets) == (["+34600111222"], ["Dairy"], 1)


def test_tickets_mails_addresses_numbers_and_segments_move_and_open_tickets_stay_apart(inside: Cast) -> None:
    other = another_carla(inside)
    dairy, vip = (create_segment(inside.dealer, name, by=inside.ben) for name in ("Dairy", "VIP"))
    set_segments(other, [dairy, vip], by=inside.ben)
    set_segments(inside.carla, [vip], by=inside.ben)
    mark_shared(other, True)
    own, theirs = desk.open_ticket(inside.service, inside.carla), desk.open_ticket(inside.parts, other)
    desk.receive(theirs, address=WORK, name="C. Ruiz")
    Message.objects.filter(ticket=theirs).update(contact=other)
    merge(inside.carla, other, by=inside.ben, now=timezone.now())

    carla = Contact.objects.get()
    assert (carla.pk, carla.name, carla.organisation) == (inside.carla.pk, "Carla Ruiz", "Ruiz SL")
    assert carla.shared_sender
    assert carla.primary_email() == CARLA
    assert set(carla.emails.values_list("address", flat=True)) == {CARLA, WORK, "carla@old.example"}
    assert [phone.number for phone in carla.phones.filter(is_primary=True)] == ["+34600111222"]
    assert set(carla.segments.all()) == {dairy, vip}
    assert set(carla.tickets.values_list("pk", flat=True)) == {own.pk, theirs.pk}
    assert Message.objects.get(ticket=theirs).contact == carla
    line = Activity.objects.get(ticket=theirs, kind=Activity.Kind.CONTACT)
    assert line.detail == {"from": "C. Ruiz", "to": "Carla Ruiz"}
    assert line.advisor == inside.ben


def test_old_links_lead_to_who_stayed_also_over_two_merges(inside: Cast) -> None:
    first, second = (create_contact(inside.dealer, name=name) for name in ("One", "Two"))
    gone, then_gone = first.pk, second.pk
    merge(second, first, by=inside.ben, now=timezone.now())
    merge(inside.carla, second, by=inside.ben, now=timezone.now())
    assert survivor_of(inside.dealer.id, gone) == survivor_of(inside.dealer.id, then_gone) == inside.carla.pk
    assert AuditEntry.objects.filter(kind="contact", what=f"#{inside.carla.pk}").exists()


def test_known_is_known_also_when_a_stranger_keeps_the_name(inside: Cast) -> None:
    stranger = create_contact(inside.dealer, name="Stranger", address=WORK)
    merge(stranger, inside.carla, by=inside.ben, now=timezone.now())
    assert Contact.objects.get().confirmed_at


def test_later_mail_to_an_old_address_lands_on_the_merged_contact(committed_cast: Cast) -> None:
    cast = committed_cast
    with company(cast.dealer.id):
        merge(cast.carla, another_carla(cast), by=cast.ben, now=timezone.now())
    message = filed(cast.dealer.id, letter(f"C. Ruiz <{WORK}>"))
    with company(cast.dealer.id):
        assert message.contact == Contact.objects.get() == Contact.objects.get(tickets=message.ticket)


def test_nobody_is_merged_with_themselves_or_by_who_may_only_read(inside: Cast) -> None:
    with pytest.raises(SameContactError):
        merge(inside.carla, inside.carla, by=inside.ben, now=timezone.now())
    with pytest.raises(ContactsNotAllowedError):
        merge(inside.carla, another_carla(inside), by=inside.vera, now=timezone.now())


def test_of_two_who_merge_the_same_at_once_the_second_is_told(inside: Cast) -> None:
    other = another_carla(inside)
    merge(inside.carla, Contact.objects.get(pk=other.pk), by=inside.ben, now=timezone.now())
    with pytest.raises(SameContactError):
        merge(inside.carla, other, by=inside.ana, now=timezone.now())


def test_a_merge_waits_for_mail_of_the_sender_that_is_being_filed(committed_cast: Cast) -> None:
    """Else a ticket would be made for a contact that is gone in the next moment."""
    cast = committed_cast
    with company(cast.dealer.id):
        other = another_carla(cast)

    def beside() -> None:
        with company(cast.dealer.id):
            merge(cast.carla, other, by=cast.ben, now=timezone.now())
        connection.close()

    thread = threading.Thread(target=beside)
    with company(cast.dealer.id):
        hold_mail_from(cast.dealer.id, [WORK])  # as intake does while it files their mail
        thread.start()
        wait_until_somebody_waits()
        ticket = desk.open_ticket(cast.service, other)
    thread.join()
    with company(cast.dealer.id):
        assert Contact.objects.get().tickets.get() == ticket
