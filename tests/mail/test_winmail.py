"""winmail.dat is unpacked, whole ones and damaged ones; what cannot be is a file like any other."""

from __future__ import annotations

import base64
import random

import pytest

from emailhub.mail import Message, may_be_packed, parse, unpack
from tests.mail.messages import mail
from tests.mail.tnef import winmail

FILES = {"Angebot.pdf": b"%PDF-1.4 offer", "Größe.txt": b"6R"}


def packed(content: bytes, *, text: str = "See the files.", kind: str = "application/ms-tnef") -> bytes:
    encoded = base64.encodebytes(content).decode()
    return (
        "From: Carla <carla@farm.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
        f"--b\r\nContent-Type: {kind}; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{encoded}\r\n--b--\r\n"
    ).encode()


def read(content: bytes, **options: str) -> Message:
    raw = packed(content, **options)
    assert may_be_packed(raw)
    return unpack(parse(raw))


@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/octet-stream"])
def test_the_files_in_it_are_attachments(kind: str) -> None:
    message = read(winmail(FILES), kind=kind)
    assert {file.filename: file.content for file in message.attachments} == FILES
    assert message.attachments[0].content_type == "application/pdf"
    assert message.text.strip() == "See the files."


def test_its_text_is_the_body_of_a_mail_without_one() -> None:
    assert read(winmail({}, text=b"Good morning"), text="").text == "Good morning"
    assert read(winmail({}, text=b"Good morning")).text.strip() == "See the files."


def test_files_of_one_name_and_hostile_names_are_told_apart_and_cleaned() -> None:
    files = {"../../a.txt": b"1", "a.txt": b"2", "": b"3"}
    assert [file.filename for file in read(winmail(files)).attachments] == [
        "a.txt",
        "a (2).txt",
        "attachment-3.bin",
    ]


def test_what_is_no_winmail_stays_a_file() -> None:
    message = read(b"not packed")
    assert [file.filename for file in message.attachments] == ["winmail.dat"]
    assert not may_be_packed(b"From: a@b.example\r\n\r\nhello")


def test_a_mail_without_one_is_the_same_mail() -> None:
    message = mail()
    assert unpack(message) is message


def test_damaged_ones_are_unpacked_or_stay_as_they_are() -> None:
    """Threats P8: a hundred of them; nothing is raised, nothing is lost."""
    chance, whole = random.Random(8), winmail(FILES, text=b"Good morning")
    for _ in range(100):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 20)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        message = read(bytes(damaged[: chance.randrange(10, len(damaged))]))
        assert message.attachments
        assert sum(file.size for file in message.attachments) <= len(whole)


def test_a_bomb_of_tiny_pieces_stays_a_file() -> None:
    """The library copies the rest of the file at each piece: a megabyte of them would take an hour."""
    bomb = winmail({}) + bytes([1, 8, 128, 0, 0, 0, 0, 0, 0, 0, 0]) * 200_000
    message = read(bomb)
    assert [file.filename for file in message.attachments] == ["winmail.dat"]
    assert message.defects == ("winmail.dat cannot be unpacked",)
