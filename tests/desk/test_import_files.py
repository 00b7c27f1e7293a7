"""Files of contacts as spreadsheets and mail programs write them: encoding, columns, and what a row says."""

from __future__ import annotations

import pytest

from emailhub.desk.errors import UnreadableFileError
from emailhub.desk.importing.columns import guess, guess_by_content, has_header
from emailhub.desk.importing.people import Person, read_person
from emailhub.desk.importing.reasons import Reason, RowError
from emailhub.desk.importing.tables import Form, find_form, read_records

ROWS = "Nombre;Correo;Teléfono\nÍñigo Muñoz;inigo@huerta.example;600 111 222\nBegoña;;\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_file_is_read_whatever_program_wrote_it(encoding: str, delimiter: str) -> None:
    content = ROWS.replace(";", delimiter).encode(encoding)
    form = find_form(content)
    assert form.delimiter == delimiter
    records = read_records(content, form)
    assert [record.cells for record in records] == [
        ["Nombre", "Correo", "Teléfono"],
        ["Íñigo Muñoz", "inigo@huerta.example", "600 111 222"],
        ["Begoña", "", ""],
    ]
    assert [record.number for record in records] == [1, 2, 3]


def test_rows_keep_their_numbers_around_empty_ones_and_line_breaks_in_cells() -> None:
    content = b'name,email\r\n\r\n"Two\nlines",a@x.example\r\n,,\r\nLast,b@x.example\r\n'
    records = read_records(content, find_form(content))
    assert [(record.number, record.cells[0]) for record in records] == [
        (1, "name"),
        (3, "Two\nlines"),
        (5, "Last"),
    ]


def test_excels_word_about_the_delimiter_is_heeded_and_is_no_row() -> None:
    content = b"sep=;\nname;email\nAna, the first;a@x.example\n"
    form = find_form(content)
    assert form == Form("utf-8", ";")
    assert [record.number for record in read_records(content, form)] == [2, 3]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50, b"PK\x03\x04" * 500, b'"' * 9])
def test_what_is_no_table_does_no_harm(content: bytes) -> None:
    assert all(
        "\0" not in cell for record in read_records(content, find_form(content)) for cell in record.cells
    )


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        read_records(b'name,email\n"' + b"x" * 200_000, Form("utf-8", ","))


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Nombre,Correo electrónico,Teléfono", "name,email,phone"),
        ("Nombre,Apellidos,E-mail,Móvil", "first_name,last_name,email,phone"),
        (
            "First Name,Last Name,E-mail Address,Mobile Phone,Company",
            "first_name,last_name,email,phone,organisation",
        ),
        ("Name,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Value,Birthday", "name,email,email,phone,"),
        (
            "Full name,Organisation,Account number,Language,Segments",
            "name,organisation,account_number,language,segments",
        ),
        (
            "Cliente,Empresa,Nº de cuenta,Idioma,Etiquetas",
            "name,organisation,account_number,language,segments",
        ),
        ("Color,Peso", ","),
    ],
)
def test_columns_are_known_by_their_names(header: str, fields: str) -> None:
    assert guess(header.split(",")) == fields.split(",")


def test_a_file_without_names_is_known_by_what_is_in_it() -> None:
    rows = [["Ana", "a@x.example", "600 111 222"], ["Eva", "e@x.example", ""]]
    assert not has_header(rows[0])
    assert guess_by_content(rows, 3) == ["name", "email", "phone"]
    assert has_header(["Spalte A", "Spalte B"])


FIELDS = ["name", "email", "phone", "organisation", "account_number", "language", "segments"]


def test_a_row_says_all_of_a_person() -> None:
    cells = [
        "Ana  Gil",
        "A@X.example; ana@y.example",
        "600 111 222;+44 20 7946 0018",
        "Gil SL",
        "7",
        "Español",
        "A; b;a",
    ]
    assert read_person(cells, FIELDS, region="ES") == Person(
        name="Ana Gil",
        emails=("a@x.example", "ana@y.example"),
        phones=("+34600111222", "+442079460018"),
        organisation="Gil SL",
        account_number="7",
        language="es",
        segments=("a", "b"),
    )


def test_what_an_export_shielded_against_formulas_is_read_as_it_was() -> None:
    person = read_person(["'=Ana", "ana@x.example", "'+34600111222"], FIELDS, region=None)
    assert (person.name, person.phones) == ("=Ana", ("+34600111222",))


@pytest.mark.parametrize(
    ("cells", "reason", "detail"),
    [
        (["", "", "", "Gil SL"], Reason.EMPTY, ""),
        (["Ana", "ana@"], Reason.BAD_ADDRESS, "ana@"),
        (["Ana", "a@x.example,none"], Reason.BAD_ADDRESS, "none"),
        (["Ana", "", "12ab"], Reason.BAD_PHONE, "12ab"),
        (["Ana", "", "", "", "", "klingon"], Reason.BAD_LANGUAGE, "klingon"),
        (["A" * 201], Reason.TOO_LONG, "A" * 201),
        (["Ana", "", "", "", "", "", "", "more"], Reason.TOO_MANY_CELLS, "8 > 7"),
    ],
)
def test_what_cannot_be_taken_says_why(cells: list[str], reason: Reason, detail: str) -> None:
    with pytest.raises(RowError) as refused:
        read_person(cells, FIELDS, region="ES")
    assert (refused.value.reason, refused.value.detail) == (reason, detail)
