"""An import from its file to its undoing: what each row becomes, under each choice."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from emailhub import store
from emailhub.accounts.models import AuditEntry
from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import add_email, add_phone, create_contact
from emailhub.desk.errors import ContactsNotAllowedError, NoColumnError, NotNowError, UnreadableFileError
from emailhub.desk.importing import imports
from emailhub.desk.importing.imports import Choices
from emailhub.desk.importing.work import TRIES, import_due
from emailhub.desk.models import Contact, ContactImport, ImportRow
from emailhub.desk.open_ticket import create_ticket
from emailhub.desk.segments import create_segment
from tests.cast import CARLA, Cast
from tests.locks import wait_until_somebody_waits

HEADER = "Name,Email,Phone,Organisation,Segments\n"
Policy = ContactImport.Policy


def begin(cast: Cast, rows: str, *, header: str = HEADER) -> ContactImport:
    return imports.begin((header + rows).encode(), "people.csv", by=cast.ana, now=timezone.now())


def run(cast: Cast, rows: str, policy: str = Policy.SKIP, **chosen: object) -> ContactImport:
    """The whole import, as a worker does it."""
    with company(cast.dealer.id):
        source = begin(cast, rows)
        choices = Choices(source.mapping, policy, **chosen)  # type: ignore[arg-type]
        imports.choose(source, choices, by=cast.ana)
        imports.start(source, by=cast.ana, now=timezone.now())
    drain()
    return again(cast, source)


def undo(cast: Cast, source: ContactImport) -> ContactImport:
    with company(cast.dealer.id):
        imports.start_undoing(source, by=cast.ana, now=timezone.now())
    drain()
    return again(cast, source)


def drain() -> None:
    while import_due():
        pass


def again(cast: Cast, source: ContactImport) -> ContactImport:
    with company(cast.dealer.id):
        return ContactImport.objects.get(pk=source.pk)


def rows_of(cast: Cast, source: ContactImport) -> list[tuple[int, str, str, str]]:
    with company(cast.dealer.id):
        rows = ImportRow.objects.filter(contact_import=source).order_by("number")
        return list(rows.values_list("number", "state", "reason", "detail"))


def known(cast: Cast, **wanted: object) -> Contact:
    with company(cast.dealer.id):
        return Contact.objects.prefetch_related("emails", "phones", "segments").get(**wanted)


def counts(source: ContactImport) -> tuple[int, int, int, int]:
    return source.created, source.updated, source.skipped, source.failed


def test_good_rows_are_in_and_each_bad_one_is_named_with_its_row_and_reason(committed_cast: Cast) -> None:
    source = run(
        committed_cast,
        "Gala Mota,gala@garden.example,600 111 222,Huerta SL,Dairy;North\n"
        "Bad,nonsense,,,\n"
        "\n"
        "Worse,,12ab34,,\n"
        ",,,Nobody SL,\n"
        "Eva,eva@garden.example,,,dairy\n",
    )
    assert (source.state, counts(source), source.total) == ("done", (2, 0, 0, 3), 5)
    assert rows_of(committed_cast, source) == [
        (2, "created", "", ""),
        (3, "failed", "bad_address", "nonsense"),
        (5, "failed", "bad_phone", "12ab34"),
        (6, "failed", "empty", ""),
        (7, "created", "", ""),
    ]
    gala = known(committed_cast, name="Gala Mota")
    assert gala.confirmed_at
    assert gala.primary_email() == "gala@garden.example"
    assert [phone.number for phone in gala.phones.all()] == ["+34600111222"]
    assert sorted(segment.name for segment in gala.segments.all()) == ["Dairy", "North"]
    assert [segment.name for segment in known(committed_cast, name="Eva").segments.all()] == ["Dairy"]


@pytest.mark.parametrize(
    ("policy", "name", "organisation", "emails"),
    [
        (Policy.SKIP, "Carla Ruiz", "", [CARLA]),
        (Policy.FILL, "Carla Ruiz", "Ruiz SL", [CARLA, "carla@home.example"]),
        (Policy.OVERWRITE, "Carla R. Gil", "Ruiz SL", [CARLA, "carla@home.example"]),
    ],
)
def test_who_is_there_already_is_treated_as_was_chosen_and_undone_to_what_it_was(
    committed_cast: Cast, policy: str, name: str, organisation: str, emails: list[str]
) -> None:
    row = f"Carla R. Gil,{CARLA};carla@home.example,600 111 222,Ruiz SL,VIP\n"
    source = run(committed_cast, row, policy)
    carla = known(committed_cast, pk=committed_cast.carla.pk)
    assert (carla.name, carla.organisation) == (name, organisation)
    assert sorted(email.address for email in carla.emails.all()) == sorted(emails)
    assert carla.primary_email() == CARLA
    if policy == Policy.SKIP:
        assert rows_of(committed_cast, source) == [(2, "skipped", "exists", "Carla Ruiz")]
    undo(committed_cast, source)
    carla = known(committed_cast, pk=committed_cast.carla.pk)
    assert (carla.name, carla.organisation, carla.primary_email()) == ("Carla Ruiz", "", CARLA)
    assert (len(carla.emails.all()), len(carla.phones.all()), len(carla.segments.all())) == (1, 0, 0)


def test_a_stranger_who_is_in_the_file_is_known_from_now_on(committed_cast: Cast) -> None:
    with company(committed_cast.dealer.id):
        create_contact(committed_cast.dealer, name="Stranger", address="st@x.example")
    source = run(committed_cast, "Stranger,st@x.example,,,\n")
    assert known(committed_cast, name="Stranger").confirmed_at
    assert rows_of(committed_cast, source) == [(2, "updated", "confirmed", "Stranger")]
    undo(committed_cast, source)
    assert known(committed_cast, name="Stranger").confirmed_at is None


def test_nobody_is_overwritten_by_a_row_that_could_be_two_people(committed_cast: Cast) -> None:
    with company(committed_cast.dealer.id):
        other = create_contact(committed_cast.dealer, name="Jon", address="jon@x.example")
        add_phone(other, "600 111 222")
    source = run(
        committed_cast,
        f"Mix,{CARLA};jon@x.example,,,\nHouse,new@x.example,600 111 222,,\nMix,{CARLA},600 111 222,,\n",
        Policy.OVERWRITE,
    )
    assert rows_of(committed_cast, source) == [
        (2, "failed", "two_contacts", "Carla Ruiz, Jon"),
        (3, "failed", "phone_taken", "Jon"),
        (4, "failed", "two_contacts", "Carla Ruiz, Jon"),
    ]


def test_the_same_person_twice_in_a_file_is_taken_once_and_said(committed_cast: Cast) -> None:
    source = run(
        committed_cast,
        "Eva,eva@x.example,,,\nEva B.,EVA@x.example,,Other,\nEva,,,,\nEva,,,,\n",
        Policy.OVERWRITE,
    )
    assert [row[1:] for row in rows_of(committed_cast, source)] == [
        ("created", "", ""),
        ("skipped", "twice", "2"),
        ("skipped", "twice", "2"),
        ("skipped", "twice", "2"),
    ]
    assert known(committed_cast, name="Eva").organisation == ""


def test_a_file_that_is_imported_again_makes_nobody_twice(committed_cast: Cast) -> None:
    rows = "Eva,eva@x.example,,,\nNo Way,,,Somewhere,\nOnly Phone,,600 111 222,,\n"
    run(committed_cast, rows)
    source = run(committed_cast, rows, Policy.FILL)
    assert counts(source) == (0, 0, 3, 0)
    with company(committed_cast.dealer.id):
        assert Contact.objects.count() == 4


def test_everybody_in_the_file_can_be_put_into_a_segment(committed_cast: Cast) -> None:
    with company(committed_cast.dealer.id):
        fair = create_segment(committed_cast.dealer, "Fair 2026", by=committed_cast.ana)
    run(committed_cast, f"Eva,eva@x.example,,,\nCarla,{CARLA},,,\n", Policy.FILL, segment=fair)
    assert [segment.name for segment in known(committed_cast, name="Eva").segments.all()] == ["Fair 2026"]
    assert [segment.name for segment in known(committed_cast, name="Carla Ruiz").segments.all()] == [
        "Fair 2026"
    ]


def test_undoing_leaves_who_is_in_use_or_was_changed_since_and_says_so(committed_cast: Cast) -> None:
    source = run(committed_cast, "Eva,eva@x.example,,,\nIda,ida@x.example,,,\nUma,uma@x.example,,,\n")
    eva, ida = known(committed_cast, name="Eva"), known(committed_cast, name="Ida")
    with company(committed_cast.dealer.id):
        create_ticket(team=committed_cast.service, contact=eva, subject="Pump", now=timezone.now())
        add_email(ida, "ida@home.example")
    source = undo(committed_cast, source)
    assert (source.state, source.undone, source.kept) == ("undone", 3, 2)
    with company(committed_cast.dealer.id):
        noted = AuditEntry.objects.filter(kind="contact").order_by("id").values_list("changes", flat=True)
        assert list(noted) == [{"imported": ["", "CSV"]}, {"imported": ["CSV", ""]}]
    assert rows_of(committed_cast, source) == [
        (2, "kept", "in_use", "Eva"),
        (3, "kept", "changed", "Ida"),
        (4, "undone", "", ""),
    ]
    with company(committed_cast.dealer.id):
        assert sorted(Contact.objects.values_list("name", flat=True)) == ["Carla Ruiz", "Eva", "Ida"]


def test_the_preview_says_what_would_become_of_the_first_rows_and_imports_nothing(inside: Cast) -> None:
    source = begin(inside, f"Eva,eva@x.example,,,\nCarla,{CARLA},,,\nBad,nonsense,,,\n")
    shown = imports.preview(source)
    assert shown.total == 3
    assert [
        (glance.number, glance.existing, glance.error and glance.error.detail) for glance in shown.rows
    ] == [
        (2, None, None),
        (3, inside.carla, None),
        (4, None, "nonsense"),
    ]
    assert Contact.objects.count() == 1


def test_a_file_that_was_understood_wrongly_can_be_read_in_another_way(inside: Cast) -> None:
    source = begin(inside, "Peña,pena@x.example\n", header="")
    assert (source.encoding, source.has_header, source.mapping) == ("utf-8", False, ["name", "email"])
    imports.reread(source, encoding="cp1252", delimiter=",", by=inside.ana)
    assert imports.preview(source).rows[0].cells[0] == "PeÃ±a"


def test_a_file_is_refused_that_holds_nothing_or_names_nobody(inside: Cast) -> None:
    with pytest.raises(UnreadableFileError):
        imports.begin(b" \n", "empty.csv", by=inside.ana, now=timezone.now())
    source = begin(inside, "red,7\n", header="Colour,Weight\n")
    with pytest.raises(NoColumnError):
        imports.start(source, by=inside.ana, now=timezone.now())


def test_an_import_goes_one_way(committed_cast: Cast) -> None:
    source = run(committed_cast, "Eva,eva@x.example,,,\n")
    now = timezone.now()
    with company(committed_cast.dealer.id):
        for refused in (
            lambda: imports.start(source, by=committed_cast.ana, now=now),
            lambda: imports.choose(source, Choices([]), by=committed_cast.ana),
            lambda: imports.forget(source, by=committed_cast.ana),
            lambda: imports.try_again(source, by=committed_cast.ana, now=now),
        ):
            with pytest.raises(NotNowError), transaction.atomic():
                refused()


@pytest.mark.parametrize("who", ["ben", "vera"])
def test_importing_is_for_who_manages(inside: Cast, who: str) -> None:
    with pytest.raises(ContactsNotAllowedError):
        imports.begin(b"name\nEva\n", "x.csv", by=getattr(inside, who), now=timezone.now())


def test_a_batch_that_fails_is_tried_again_and_then_stops_with_its_error_and_can_go_on(
    committed_cast: Cast,
) -> None:
    with company(committed_cast.dealer.id):
        source = begin(committed_cast, "Eva,eva@x.example,,,\n")
        imports.start(source, by=committed_cast.ana, now=timezone.now())
    path = store.path(source.company_id, source.content_key)
    content = path.read_bytes()
    path.unlink()
    for _ in range(TRIES):
        make_due(committed_cast, source, timezone.now())
        assert import_due() == 1
    assert import_due() == 0
    source = again(committed_cast, source)
    assert source.state == "stopped"
    assert "MissingError" in source.last_error
    path.write_bytes(content)
    with company(committed_cast.dealer.id):
        imports.try_again(source, by=committed_cast.ana, now=timezone.now())
    drain()
    assert again(committed_cast, source).state == "done"


def make_due(cast: Cast, source: ContactImport, now: datetime) -> None:
    with company(cast.dealer.id):
        ContactImport.objects.filter(pk=source.pk).update(due_at=now)


def test_who_is_saved_by_hand_in_the_same_moment_is_there_once(committed_cast: Cast) -> None:
    with company(committed_cast.dealer.id):
        source = begin(committed_cast, "Eva,eva@x.example,,,New segment\nIda,ida@x.example,,,New segment\n")
        imports.start(source, by=committed_cast.ana, now=timezone.now())
    assert import_due() == 1  # the file is read

    def work_beside() -> None:
        import_due()
        connection.close()

    worker = threading.Thread(target=work_beside)
    with company(committed_cast.dealer.id):
        create_contact(committed_cast.dealer, name="Eva by hand", address="eva@x.example")
        worker.start()
        wait_until_somebody_waits()
    worker.join()
    drain()
    assert [row[:2] for row in rows_of(committed_cast, source)] == [(2, "updated"), (3, "created")]
    assert known(committed_cast, emails__address="eva@x.example").name == "Eva by hand"
    assert [one.name for one in known(committed_cast, name="Ida").segments.all()] == ["New segment"]


def test_imports_of_two_companies_are_done_in_turn_and_do_not_meet(committed_cast: Cast) -> None:
    cast = committed_cast
    for firm, by in ((cast.dealer, cast.ana), (cast.farm, cast.frank)):
        with company(firm.id):
            source = imports.begin(b"name,email\nEva,eva@x.example\n", "x.csv", by=by, now=timezone.now())
            imports.start(source, by=by, now=timezone.now())
    drain()
    for firm in (cast.dealer, cast.farm):
        with company(firm.id):
            assert Contact.objects.filter(name="Eva", company=firm).count() == 1
