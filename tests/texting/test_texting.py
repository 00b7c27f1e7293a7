"""What an SMS costs, which words end a conversation, and in which order reports are believed."""

from __future__ import annotations

import pytest

from emailhub.texting import TextState, Wish, later, measure, wish_in


@pytest.mark.parametrize(
    ("text", "segments", "left"),
    [
        ("", 0, 160),
        ("a" * 160, 1, 0),
        ("a" * 161, 2, 145),
        ("a" * 306, 2, 0),
        ("a" * 307, 3, 152),
        ("€" * 80, 1, 0),  # an escape before each
        ("ñ¿¡à" * 40, 1, 0),  # what GSM-7 has of Spanish
    ],
)
def test_a_text_in_the_basic_alphabet_is_counted_in_septets(text: str, segments: int, left: int) -> None:
    length = measure(text)
    assert (length.encoding, length.segments, length.left) == ("gsm-7", segments, left)


def test_an_escaped_character_is_not_split_between_two_segments() -> None:
    assert measure("a" * 152 + "€" + "a" * 152).segments == 3  # 306 septets would fit two, the pair does not


@pytest.mark.parametrize(
    ("text", "segments", "forcing"),
    [
        ("á" * 70, 1, "á"),
        ("á" * 71, 2, "á"),
        ("Sí, mañana a las 8", 1, "í"),
        ("😀" * 35, 1, "😀"),
        ("😀" * 36, 2, "😀"),
    ],
)
def test_one_other_character_makes_all_segments_short(text: str, segments: int, forcing: str) -> None:
    length = measure(text)
    assert (length.encoding, length.segments, length.forcing) == ("ucs-2", segments, forcing)


def test_a_pair_of_surrogates_is_not_split_between_two_segments() -> None:
    assert measure("á" * 66 + "😀" + "á" * 66).segments == 3


@pytest.mark.parametrize(
    "text", ["STOP", " stop. ", "Baja", "¡BAJA!", "opt out", "Unsubscribe", "pare", "ALTO"]
)
def test_a_message_that_is_nothing_but_a_word_of_leaving_closes_the_number(text: str) -> None:
    assert wish_in(text) is Wish.STOP


@pytest.mark.parametrize("text", ["START", "unstop", "Alta", "yes"])
def test_a_word_of_coming_back_opens_it(text: str) -> None:
    assert wish_in(text) is Wish.START


@pytest.mark.parametrize(
    "text", ["", "Please stop the noise", "¿Cuándo se da de baja el seguro?", "sí", "no"]
)
def test_a_word_in_a_sentence_is_no_wish(text: str) -> None:
    assert wish_in(text) is None


def test_reports_never_lead_back() -> None:
    assert later(TextState.DELIVERED, TextState.SENT) is TextState.DELIVERED
    assert later(TextState.READ, TextState.FAILED) is TextState.READ
    assert later(TextState.FAILED, TextState.SENT) is TextState.FAILED
    assert later(TextState.FAILED, TextState.DELIVERED) is TextState.DELIVERED
    assert later(TextState.NONE, TextState.ACCEPTED) is TextState.ACCEPTED
