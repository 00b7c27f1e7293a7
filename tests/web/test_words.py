"""Moments, sentences and words: what the pages say, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from emailhub.rules.codes import SENTENCES as ENGLISH
from emailhub.rules.codes import Code
from emailhub.rules.decision import Flag
from emailhub.web import moments, traces
from emailhub.web.cards import _BADGES, _SHOWN_OTHERWISE
from emailhub.web.templatetags.emailhub import initials
from emailhub.web.words import script_words

NOW = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
STATIC = Path(__file__).parents[2] / "src/emailhub/web/static/emailhub"


@pytest.mark.parametrize(
    ("at", "english", "spanish"),
    [
        (datetime(2026, 11, 19, 8, 5, tzinfo=UTC), "9:05", "9:05"),
        (datetime(2026, 11, 18, 23, 30, tzinfo=UTC), "0:30", "0:30"),
        (datetime(2026, 11, 18, 12, 0, tzinfo=UTC), "yesterday", "ayer"),
        (datetime(2026, 11, 17, 12, 0, tzinfo=UTC), "Tue", "mar"),
        (datetime(2026, 11, 10, 12, 0, tzinfo=UTC), "10 Nov", "10 Nov"),
        (datetime(2025, 11, 10, 12, 0, tzinfo=UTC), "10 Nov 2025", "10 Nov 2025"),
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), "13:00", "13:00"),
    ],
)
def test_a_moment_is_as_short_as_can_be(at: datetime, english: str, spanish: str) -> None:
    with timezone.override("Europe/Madrid"):
        with translation.override("en"):
            assert moments.moment(at, now=NOW) == english
        with translation.override("es"):
            assert moments.moment(at, now=NOW).casefold() == spanish.casefold()


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=18), "18 min"),
        (timedelta(hours=17, minutes=50), "17 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3), "3 d"),
    ],
)
def test_a_wait_is_said_in_one_unit(passed: timedelta, words: str) -> None:
    assert moments.how_long(NOW - passed, now=NOW) == words


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (182_000, "182 kB"), (3_440_000, "3,4 MB")]
)
def test_a_size_is_decimal(size: int, words: str) -> None:
    with translation.override("es"):
        assert moments.file_size(size) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Lucía Ferrer", "LF"),
        ("Miguel Ángel Etxeberria-Goikoetxea", "ME"),
        ("ana", "A"),
        ("carla@customer.example", "CE"),
        ("", "?"),
        ("(!)", "?"),
        ("王 小明", "王小"),
    ],
)
def test_initials_are_of_the_first_and_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


class TestTrace:
    @pytest.mark.parametrize("code", list(Code))
    def test_every_step_has_a_sentence_with_the_same_details(self, code: Code) -> None:
        named = set(re.findall(r"%\((\w+)\)s", ENGLISH[code]))
        with translation.override("en"):
            assert set(re.findall(r"\{(\w+)\}", str(traces.SENTENCES[code]))) == named

    @pytest.mark.parametrize("code", list(Code))
    def test_every_sentence_is_translated_with_its_details(self, code: Code) -> None:
        with translation.override("en"):
            english = str(traces.SENTENCES[code])
        with translation.override("es"):
            spanish = str(traces.SENTENCES[code])
        assert spanish != english
        assert sorted(re.findall(r"\{\w+\}", spanish)) == sorted(re.findall(r"\{\w+\}", english))

    def test_details_are_said_in_words(self) -> None:
        with translation.override("es"):
            lines = traces.trace_lines([["rule_matched", {"rule": 3, "action": "ignore"}]])
        assert lines[0].sentence == "Coincide la regla 3 (Ignorar)."

    @pytest.mark.parametrize(
        "step", [["future_code", {}], [], None, ["appended"], "appended", ["appended", 3]]
    )
    def test_a_step_that_cannot_be_read_is_left_out(self, step: object) -> None:
        assert traces.trace_lines([step]) == []

    def test_a_missing_detail_is_a_question_mark(self) -> None:
        with translation.override("en"):
            assert traces.trace_lines([["appended", {}]])[0].sentence == "Put on ticket #?."


def test_every_flag_is_shown_somehow() -> None:
    assert set(_BADGES) | _SHOWN_OTHERWISE == set(Flag)


class TestScriptWords:
    def test_the_pages_hand_over_every_word_that_the_scripts_know(self) -> None:
        source = (STATIC / "js/words.js").read_text(encoding="utf-8")
        known = set(re.findall(r'^  "?([\w.]+)"?: "', source, re.MULTILINE))
        with translation.override("en"):
            assert set(script_words()) == known

    def test_a_translation_keeps_the_places(self) -> None:
        with translation.override("en"):
            english = script_words()
        with translation.override("es"):
            spanish = script_words()
        for key, words in english.items():
            assert set(re.findall(r"\{\w+\}", spanish[key])) == set(re.findall(r"\{\w+\}", words)), key


def test_every_icon_that_a_template_names_is_in_the_set() -> None:
    drawn = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    templates = (STATIC.parents[1] / "templates").rglob("*.html")
    named = {
        name
        for file in templates
        for name in re.findall(r'{% icon "([\w-]+)"', file.read_text(encoding="utf-8"))
    }
    assert named <= drawn
