"""The marks of answers and forwards in many languages, and ticket numbers."""

from __future__ import annotations

import pytest

from emailhub.mail import base_subject, is_forward, normalise_subject, reply_subject, ticket_number


@pytest.mark.parametrize(
    "subject",
    [
        "Oil leak",
        "Re: Oil leak",
        "RE: Re: re:Oil leak",
        "Re[2]: Oil leak",
        "Re(3): Oil leak",
        "AW: WG: Oil leak",
        "TR : RE : Oil leak",
        "RV: Oil leak",
        "ENC: RES: Oil leak",
        "R: I: Oil leak",
        "SV: VS: Oil leak",
        "Antw: Doorst: Oil leak",
        "回复:Oil leak",
        "转发: Oil leak",
        "Fwd: [#1042] Oil leak",
        "[#1042] Re: Oil leak",
        "Re: Oil [#1042]  leak",
        "  Re:\tOil\n leak ",
    ],
)
def test_marks_and_tags_are_taken_off(subject: str) -> None:
    assert base_subject(subject) == "Oil leak"
    assert normalise_subject(subject) == "oil leak"
    assert reply_subject(subject) == "Re: Oil leak"


@pytest.mark.parametrize(
    "subject",
    ["Reparación: motor", "Resultado", "Ref: 4711", "Award: best farm", "In: out", "[#x] a", "3: a", "Re"],
)
def test_words_that_look_like_marks_stay(subject: str) -> None:
    assert base_subject(subject) == subject


def test_nothing_is_left_of_a_mark_alone() -> None:
    assert base_subject("Re: Fwd: ") == ""
    assert reply_subject("") == "Re:"


def test_a_forward_is_told_from_an_answer() -> None:
    assert is_forward("Fwd: a") and is_forward("RV: a") and is_forward("WG: Re: a")
    assert not is_forward("Re: Fwd: a") and not is_forward("Forward: a") and not is_forward("")


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Re: [#1234] Pump", 1234),
        ("[#1] and [#22]", 22),
        ("#1234", None),
        ("[1234]", None),
        ("[#12345678901]", None),
        ("[#-1]", None),
        ("", None),
    ],
)
def test_a_ticket_number_stands_in_its_tag(subject: str, number: int | None) -> None:
    assert ticket_number(subject) == number


def test_a_subject_is_at_most_998_characters() -> None:
    assert len(base_subject("x" * 5_000)) == 998
    assert len(reply_subject("x" * 5_000)) == 998
