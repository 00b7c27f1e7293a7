"""What may stand in the From line, and how it looks in one mail."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from emailhub.hub.display_name import (
    LIMIT,
    AtSignError,
    TooLongError,
    UnknownPlaceholderError,
    Words,
    fill,
    for_reading,
    parse_display_name,
)

WORDS = Words(team="Service", company="Campo Verde", advisor="Lucía Ferrer")
NOBODY = Words(team="Service", company="Campo Verde")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Soporte Campo Verde ", "Soporte Campo Verde"),
        ("Soporte\r\nBcc: mallory", "Soporte Bcc: mallory"),
        ("Taller\x00\x07 \u202egro.live\u202c", "Taller gro.live"),
        ("García, Hijos y Cía.", "García, Hijos y Cía."),
        ("{asesor} de {equipo}", "{advisor} de {team}"),
        ("{ Asesor } via {COMPANY}", "{advisor} via {company}"),
        ("", ""),
    ],
)
def test_a_name_is_stored_on_one_line_with_english_placeholders(typed: str, stored: str) -> None:
    assert parse_display_name(typed) == stored


@pytest.mark.parametrize("typed", ["boss@bank.example", "Taller ＠ Lleida", "a﹫b"])
def test_an_at_sign_is_refused(typed: str) -> None:
    with pytest.raises(AtSignError):
        parse_display_name(typed)


def test_a_hundred_characters_are_taken_and_one_more_is_refused() -> None:
    assert parse_display_name("ñ" * LIMIT) == "ñ" * LIMIT
    with pytest.raises(TooLongError):
        parse_display_name("ñ" * (LIMIT + 1))


def test_an_unknown_placeholder_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownPlaceholderError) as refused:
        parse_display_name("{agente} de {equipo}")
    with translation.override("es"):
        sentence = str(refused.value)
    assert "{agente}" in sentence
    assert "{asesor}, {equipo}, {empresa}" in sentence


@pytest.mark.parametrize(
    ("name", "with_advisor", "without"),
    [
        ("{advisor} via {team}", "Lucía Ferrer via Service", "Service"),
        ("{advisor} de {team} {company}", "Lucía Ferrer de Service Campo Verde", "Service Campo Verde"),
        ("{team} ({advisor})", "Service (Lucía Ferrer)", "Service"),
        ("{team} – {advisor}", "Service – Lucía Ferrer", "Service"),
        ("{team}, {advisor}, {company}", "Service, Lucía Ferrer, Campo Verde", "Service, Campo Verde"),
        ("{advisor}", "Lucía Ferrer", ""),
        ("Via Verde {advisor}", "Via Verde Lucía Ferrer", "Via Verde"),
        (
            "Taller | {advisor} via {company}",
            "Taller | Lucía Ferrer via Campo Verde",
            "Taller via Campo Verde",
        ),
        ("- Taller -", "- Taller -", "- Taller -"),
    ],
)
def test_what_has_no_value_vanishes_with_what_joined_it(name: str, with_advisor: str, without: str) -> None:
    assert fill(name, WORDS) == with_advisor
    assert fill(name, NOBODY) == without


def test_an_advisor_known_only_by_an_address_is_left_out() -> None:
    words = Words(team="Service", company="Campo Verde", advisor="lucia@campoverde.example")
    assert fill("{advisor} via {team}", words) == "Service"


def test_an_at_sign_in_a_company_s_name_does_not_reach_the_from_line() -> None:
    assert fill("{team} {company}", Words(team="Service", company="Farm@Home")) == "Service Farm Home"


def test_a_stored_name_is_read_in_the_readers_language() -> None:
    assert for_reading("{advisor} de {team}", "es") == "{asesor} de {equipo}"
    assert for_reading("{advisor} de {team}", "en") == "{advisor} de {team}"
    assert parse_display_name(for_reading("{advisor} – {company}", "es")) == "{advisor} – {company}"


@given(st.text(max_size=300), st.text(max_size=120), st.text(max_size=120))
def test_whatever_is_typed_the_from_line_is_one_line_without_an_address(
    typed: str, team: str, advisor: str
) -> None:
    try:
        name = parse_display_name(typed)
    except (AtSignError, TooLongError, UnknownPlaceholderError):
        name = "{advisor} via {team}"
    shown = fill(name, Words(team=team, company="", advisor=advisor))
    assert len(shown) <= 150
    assert not set(shown) & set("\r\n\x00@＠﹫\u202e")
    assert shown == shown.strip()
