"""A ticket in one query is the same ticket as in several."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from emailhub.desk.contacts import add_email, add_phone
from emailhub.desk.models import Ticket
from emailhub.desk.whole_ticket import find_whole
from tests.cast import Cast
from tests.web import desk


def values(rows: list[Model]) -> list[dict[str, object]]:
    return [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows
    ]


def relations(ticket: Ticket) -> list[list[Model]]:
    related = (ticket.contact.emails, ticket.contact.phones, ticket.attachments, ticket.participants)
    return [sorted(rows.all(), key=lambda row: row.pk) for rows in related]


def made(cast: Cast) -> Ticket:
    ticket = desk.open_ticket(cast.service, cast.carla)
    add_email(cast.carla, "second@customer.example")
    add_phone(cast.carla, "+34 600 100 200")
    for name in ("a.pdf", "b “quoted” ñ.pdf"):
        desk.attach(desk.receive(ticket), name, b"a", "application/pdf", content_id="x\\y")
    ticket.participants.create(company=cast.dealer, address="ines@customer.example", part="cc")
    return ticket


def test_its_rows_are_the_stored_ones_in_every_field_and_type(inside: Cast) -> None:
    ticket = made(inside)
    whole = find_whole(Ticket.objects.visible_to(inside.ana), ticket.number)
    assert whole == ticket
    stored = [values(rows) for rows in relations(Ticket.objects.get(pk=ticket.pk))]
    assert [len(rows) for rows in stored] == [2, 1, 2, 1]
    assert [values(rows) for rows in relations(whole)] == stored


def test_nothing_of_it_is_asked_for_again(inside: Cast) -> None:
    ticket = made(inside)
    whole = find_whole(Ticket.objects.select_related("contact"), ticket.number)
    assert whole is not None
    with CaptureQueriesContext(connection) as captured:
        assert whole.contact.primary_email() == "carla@customer.example"
        assert {file.ticket.number for file in whole.attachments.all()} == {ticket.number}
        assert [phone.contact for phone in whole.contact.phones.all()] == [inside.carla]
        assert [person.address for person in whole.participants.all()] == ["ines@customer.example"]
    assert len(captured) == 0


def test_what_has_no_rows_is_empty_and_a_stranger_finds_nothing(inside: Cast) -> None:
    ticket = desk.open_ticket(inside.service, inside.carla)
    whole = find_whole(Ticket.objects.visible_to(inside.ana), ticket.number)
    assert whole is not None
    assert list(whole.attachments.all()) == []
    assert find_whole(Ticket.objects.visible_to(inside.pat), ticket.number) is None
