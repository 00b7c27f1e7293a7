"""Mails as customers' programs write them, and the small files in them."""

from __future__ import annotations

import itertools
import re
import zlib
from datetime import UTC, datetime

import pytest

from emailhub import mail
from emailhub.mail import Mailbox
from emailhub.web.demo_mail.files import HEIGHT, WIDTH, paper, photo
from emailhub.web.demo_mail.letters import Letter, Program, write

CARLA = Mailbox("Carla Núñez", "carla@customer.example")
TEAM = Mailbox("Servicio Campo Verde", "servicio.campoverde@inbox.example")
JON = Mailbox("Jon", "jon@workshop.example")
DAY = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
TEXT = "Buenas tardes:\n\nPierde *mucho* aceite & no para.\nCarla"
OURS = mail.parse(
    mail.compose(
        mail.Draft(
            message_id="a1b2@inbox.example",
            sender=TEAM,
            to=(CARLA,),
            cc=(JON,),
            subject="Re: Fuga",
            date=DAY,
            references=("first@customer.example",),
            html="<p>Mañana va Andrés.</p><p>No la muevas.</p>",
        )
    )
)


def written(program: Program, language: str = "es", **more: object) -> mail.Message:
    fields = {"answers": OURS, **more}
    letter = Letter(CARLA, (TEAM,), "Re: Fuga", TEXT, DAY, program, language, **fields)  # type: ignore[arg-type]
    return mail.parse(write(letter))


@pytest.mark.parametrize(("program", "language"), list(itertools.product(Program, ["es", "en"])))
def test_an_answer_threads_and_its_quotation_is_folded(program: Program, language: str) -> None:
    message = written(program, language)
    assert message.defects == ()
    assert message.sender == CARLA
    assert message.in_reply_to == ("a1b2@inbox.example",)
    assert message.references == ("first@customer.example", "a1b2@inbox.example")
    new = mail.new_text(message)
    assert "no para" in new
    assert "Andrés" not in new
    assert not re.search(r"escribió|wrote|original|^>|De:|From:", new, re.MULTILINE)
    assert "Andrés" in message.text


@pytest.mark.parametrize("program", Program)
def test_a_fresh_letter_answers_nothing(program: Program) -> None:
    message = written(program, answers=None)
    assert message.in_reply_to == message.references == ()
    assert message.automatic == ""
    assert mail.new_text(message).startswith("Buenas tardes:")


@pytest.mark.parametrize("program", Program)
def test_every_letter_has_an_id_of_its_own_that_ends_in_example(program: Program) -> None:
    ids = {written(program).message_id for _ in range(20)}
    assert len(ids) == 20
    assert all(id.endswith(".example") for id in ids)


@pytest.mark.parametrize("program", [Program.GMAIL, Program.OUTLOOK, Program.SAMSUNG])
def test_a_photo_stands_in_the_text(program: Program) -> None:
    (picture,) = written(program, photos=(photo("fuga.png", "leak"),)).attachments
    assert picture.inline
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("program", Program)
def test_files_and_photos_arrive_whole(program: Program) -> None:
    file, picture = paper("parte.pdf", "Parte de horas"), photo("fuga.png", "leak")
    message = written(program, photos=(picture,), files=(file,))
    got = {one.filename: one.content for one in message.attachments}
    assert got == {"parte.pdf": file.content, "fuga.png": picture.content}


def test_an_automatic_answer_says_so() -> None:
    message = written(Program.OUTLOOK, headers=(("Auto-Submitted", "auto-replied"),))
    assert message.automatic


def test_what_looks_like_markup_is_text() -> None:
    letter = Letter(CARLA, (TEAM,), "x", "<script>alert(1)</script> *b*", DAY, Program.GMAIL, "es")
    html = mail.parse(write(letter)).html
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<b>b</b>" in html


@pytest.mark.parametrize("scene", ["field", "leak", "part", "screen"])
def test_a_photo_is_a_small_png_of_its_size(scene: str) -> None:
    content = photo(f"{scene}.png", scene).content
    start = content.index(b"IDAT") + 4
    length = int.from_bytes(content[start - 8 : start - 4], "big")
    pixels = zlib.decompress(content[start : start + length])
    assert len(pixels) == HEIGHT * (3 * WIDTH + 1)
    assert len(content) < 10_000


def test_a_paper_is_a_pdf_whose_table_finds_its_objects() -> None:
    content = paper("p.pdf", "Presupuesto (2026)", "Latiguillo: 118,40 €").content
    table = int(re.findall(rb"startxref\n(\d+)", content)[0])
    assert content[table:].startswith(b"xref")
    places = [int(place) for place in re.findall(rb"^(\d{10}) 00000 n", content, re.MULTILINE)]
    found = [content[place : place + 7] for place in places]
    assert found == [b"%d 0 obj" % number for number in range(1, 6)]
    assert b"(Presupuesto \\(2026\\)) Tj" in content
