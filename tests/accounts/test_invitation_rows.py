"""Lists of people to invite, as they are pasted and as spreadsheets write them."""

from __future__ import annotations

import pytest

from emailhub.accounts.invitation_rows import LIMIT, Row, read_rows
from emailhub.accounts.models import Advisor, Role
from tests.cast import Cast


def rows(cast: Cast, text: str, by: Advisor | None = None) -> list[Row]:
    return read_rows(text, teams={cast.service.id: False}, by=by or cast.olga)


def test_a_plain_list_of_addresses_goes_to_the_chosen_teams(inside: Cast) -> None:
    found = rows(inside, "nora@x.example\n\n  Hugo Gil <HUGO@x.example>\n")
    assert [(row.line, row.email, row.name, row.error) for row in found] == [
        (1, "nora@x.example", "", ""),
        (3, "hugo@x.example", "Hugo Gil", ""),
    ]
    assert all(row.teams == {inside.service.id: False} for row in found)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_stand_in_the_order_of_the_titles(inside: Cast, delimiter: str) -> None:
    lines = (
        ("Nombre", "Correo electrónico", "Equipos", "Rol"),
        ("Nora", "nora@x.example", "parts* | SERVICE", "solo lectura"),
        ("Hugo", "hugo@x.example", "Service*|Parts", ""),
    )
    found = rows(inside, "\n".join(delimiter.join(cells) for cells in lines))
    assert [row.line for row in found] == [2, 3]
    assert found[0].error  # who only reads manages no team
    assert found[1].teams == {inside.service.id: True, inside.parts.id: False}
    assert (found[1].role, found[1].name, found[1].error) == (Role.ADVISOR, "Hugo", "")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nobody", "no email address"),
        ("nora@x.example, Nora, chef", "no role “chef”"),
        ("nora@x.example, Nora, advisor, Kitchen", "no team “Kitchen”"),
        ("ben@dealer.example", "works here already"),
        ("a@x.example\na@x.example", "twice"),
    ],
)
def test_each_bad_row_says_what_is_wrong_with_it(inside: Cast, line: str, says: str) -> None:
    assert says in rows(inside, line)[-1].error


def test_a_manager_invites_no_administrator_and_into_no_other_team(inside: Cast) -> None:
    found = rows(inside, "a@x.example, A, admin\nb@x.example, B, , Parts\nc@x.example", by=inside.ana)
    assert [bool(row.error) for row in found] == [True, True, False]


def test_a_list_that_is_too_long_is_not_read_to_its_end(inside: Cast) -> None:
    assert len(rows(inside, "\n".join(f"p{n}@x.example" for n in range(LIMIT + 40)))) == LIMIT + 1


@pytest.mark.parametrize("text", ['"unclosed, quote\n', "\0", ",,,\n;;;", "=cmd()|x", "é\u2028ß"])
def test_no_text_breaks_the_reading(inside: Cast, text: str) -> None:
    assert all(row.error for row in rows(inside, text))
