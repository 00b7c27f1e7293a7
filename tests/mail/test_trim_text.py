"""What mail clients write below a plain-text reply is folded; what the customer wrote never is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.mail.attributions import is_attribution, is_forward_line, is_separator
from emailhub.mail.trim_text import fold_text

NEW = "The pump still leaks, please call me."
OLD = "We sent you the seal on Monday."
WROTE = [
    "On Mon, Nov 23, 2026 at 10:04 AM Ana García <ana@dealer.example> wrote:",
    "El lun, 23 nov 2026 a las 10:04, Ana García (<ana@dealer.example>) escribió:",
    "Em seg., 23 de nov. de 2026 às 10:04, Ana García <ana@dealer.example> escreveu:",
    "Le lun. 23 nov. 2026 à 10:04, Ana García <ana@dealer.example> a écrit :",
    "Am Mo., 23. Nov. 2026 um 10:04 Uhr schrieb Ana García <ana@dealer.example>:",
    "Il giorno lun 23 nov 2026 alle ore 10:04 Ana García <ana@dealer.example> ha scritto:",
    "2026-11-23 10:04 GMT+01:00 Ana García <ana@dealer.example>:",
    "Ana García <ana@dealer.example> schrieb am Mo., 23. Nov. 2026, 10:04:",
    "El 23/11/26 a las 10:04, Ana García escribió:",
    "On 23/11/2026 10:04, Ana García wrote:",
    "---- On Mon, 23 Nov 2026 10:04:00 +0100 Ana García wrote ----",
    "On Mon, Nov 23, 2026 at 10:04 AM Ana García de la Fuente y Montemayor <\nana@dealer.example> wrote:",
    "El lun, 23 nov 2026 a las 10:04, Ana García de la Fuente Montemayor\n(<ana@dealer.example>)\nescribió:",
]
BLOCKS = [
    "From: Ana García <a@dealer.example>\nSent: Monday, November 23, 2026 10:04 AM\nTo: Carla\nSubject: Pump",
    "De: Ana García\nEnviado: lunes, 23 de noviembre de 2026 10:04\nPara: Carla\nAsunto: Bomba",
    "De: Ana García\nEnviado el: lunes, 23 de noviembre de 2026 10:04\nPara: Carla\nCC: Jon\nAsunto: Bomba",
    "De: Ana García\nEnviada em: segunda-feira, 23 de novembro de 2026 10:04\nPara: Carla\nAssunto: Bomba",
    "De : Ana García\nEnvoyé : lundi 23 novembre 2026 10:04\nÀ : Carla\nObjet : Pompe",
    "Von: Ana García\nGesendet: Montag, 23. November 2026 10:04\nAn: Carla\nBetreff: Pumpe",
    "Da: Ana García\nInviato: lunedì 23 novembre 2026 10:04\nA: Carla\nOggetto: Pompa",
    "*From:* Ana García <ana@dealer.example>\n*Sent:* Monday, 10:04\n*To:* Carla\n*Subject:* Pump",
    "Gesendet: Montag, 23. November 2026 um 10:04 Uhr\nVon: Ana García\nAn: Carla\nBetreff: Pumpe",
]
SEPARATORS = [
    "-----Original Message-----",
    "-----Mensaje original-----",
    "-------- Mensaje original --------",
    "-----Mensagem original-----",
    "-----Message d'origine-----",
    "-----Ursprüngliche Nachricht-----",
    "-----Messaggio originale-----",
    "________________________________",
]


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


HISTORIES = (
    [f"{wrote}\n\n{quoted(OLD)}\n" for wrote in WROTE]
    + [f"{wrote}\n{quoted(OLD)}\n>\n> > older\n>> oldest" for wrote in WROTE]
    + [f"{wrote}\n\n{OLD}\n" for wrote in WROTE if "@" in wrote]
    + [f"{block}\n\n{OLD}\n" for block in BLOCKS]
    + [f"{separator}\n{block}\n\n{OLD}\n" for separator in SEPARATORS for block in BLOCKS]
    + [f"-----Original Message-----\n\n{OLD}\n", quoted(OLD)]
)


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=repr)
def test_the_history_of_a_reply_is_folded(history: str, end: str) -> None:
    text = f"{NEW}\n\n-- \nCarla\n\n{history}".replace("\n", end)
    folded = fold_text(text, subject="Re: Pump")
    assert (folded.visible.strip(), folded.signature.split()) == (NEW, ["--", "Carla"])
    assert OLD in folded.history
    assert folded.visible + folded.signature + folded.history == text


@pytest.mark.parametrize("history", HISTORIES)
def test_a_forward_is_shown_whole(history: str) -> None:
    text = f"{NEW}\n\n{history}"
    assert fold_text(text, subject="RV: Pump").visible == text
    assert fold_text(f"{NEW}\n---------- Forwarded message ---------\n{history}").history == ""


@pytest.mark.parametrize("history", HISTORIES)
def test_history_alone_is_shown_whole(history: str) -> None:
    assert fold_text(history, subject="Re: Pump").history == ""


@pytest.mark.parametrize("wrote", WROTE)
def test_answers_between_the_quotes_stay_visible(wrote: str) -> None:
    text = f"Hello,\n{wrote}\n> Which pump?\n\nThe red one.\n\n> Which day?\n\nOn Tuesday.\n"
    assert fold_text(text).visible == text


@pytest.mark.parametrize("wrote", WROTE)
@pytest.mark.parametrize("greeting", ["", "Dear Ana,\n\n"])
def test_an_answer_below_the_quote_stays_visible_and_the_quote_is_folded(wrote: str, greeting: str) -> None:
    folded = fold_text(f"{greeting}{wrote}\n{quoted(OLD)}\n\n{NEW}\n\nRegards,\nCarla\n")
    assert folded.visible == f"{greeting.rstrip()}{NEW}\n\nRegards,\nCarla\n" or folded.visible.endswith(
        f"{NEW}\n\nRegards,\nCarla\n"
    )
    assert greeting.strip() in folded.visible
    assert OLD in folded.history


def test_an_answer_below_a_quoted_outlook_mail_stays_visible() -> None:
    folded = fold_text(f"-----Original Message-----\n{quoted(BLOCKS[0])}\n>\n{quoted(OLD)}\n\n{NEW}\n")
    assert NEW in folded.visible
    assert OLD in folded.history


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Hello",
        "> a quote that I answer\nYes.",
        "We need:\n> 10 seals\n> 2 pumps\nby Monday.",
        "Hi,\n> Which day?\nTuesday\n> Which pump?\nThe red one",
        "I wrote on Monday, and you wrote: nothing.\nPlease answer.",
        "On 12 May you wrote:\nthat the seal is on its way. It is not.",
        "De: 10 a 20 horas\nPara: la semana que viene\nGracias",
        "From: Sevilla\nTo: Madrid\nPlease collect it.",
        "Date: tomorrow\nSubject to change\nPlease call.",
        "See my answers below.\n\nFrom: Ana\nSent: Monday\nTo: Carla\n\nWhich pump? THE RED ONE",
        "Le respondo abajo en rojo\n\nDe: Ana\nEnviado: lunes\nPara: Carla\n\nCuál? LA ROJA",
    ],
)
def test_what_somebody_wrote_is_never_hidden(text: str) -> None:
    folded = fold_text(text)
    if text.startswith("> a quote"):
        assert folded.visible == "Yes."  # an answer below its quote
    else:
        assert folded.visible == text
        assert folded.history == ""


@pytest.mark.parametrize("line", ["Begin forwarded message:", "-------- Mensaje reenviado --------",
    "---------- Forwarded message ---------", "Inicio del mensaje reenviado:", "-----Message transféré-----",
    "Anfang der weitergeleiteten Nachricht:", "Inizio messaggio inoltrato:", "-- Mensagem encaminhada --",
])  # fmt: skip
def test_the_line_above_a_forward_is_known(line: str) -> None:
    assert is_forward_line(line)


LINES = st.sampled_from(
    [
        "",
        ">",
        "> a",
        ">> b",
        "c",
        "-- ",
        " > d",
        *WROTE,
        *BLOCKS,
        *SEPARATORS,
        "Begin forwarded message:",
        "\x0c",
        "e\r",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=30).map("\n".join))
def test_folding_loses_and_invents_nothing(text: str) -> None:
    folded = fold_text(text)
    assert sorted(folded.visible + folded.history + folded.signature) == sorted(text)
    assert folded.visible.strip() or not text.strip()


@pytest.mark.parametrize("bomb", [
    "]", " ", ">", "(", "a", "-", "\n>", "> \n", "On 1 ", "schrieb ", "<a@", "_", "*",
    "-----Original Message-----\n> x\n", "From: a\n", "On 1 May 2026 10:04, a@b wrote:\n> x\n", "see ", "\n",
])  # fmt: skip
def test_no_text_takes_long(bomb: str) -> None:
    """Threats 2.2 P10; the limit is wide because machines are shared."""
    import time

    started = time.process_time()
    fold_text(bomb * 20_000)
    is_attribution(bomb * 20_000)
    is_separator(bomb * 20_000)
    assert time.process_time() - started < 5
