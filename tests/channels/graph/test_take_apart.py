"""A finished mail is taken apart, and what is put together over there is the same mail."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest

from emailhub import mail
from emailhub.channels.graph.take_apart import Apart, CannotBeTakenApartError, take_apart
from emailhub.mail import Attachment, Mailbox

from .double.mailboxes import put_in

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(900)


def finished(*sizes: int, picture: bytes = PICTURE) -> bytes:
    """A mail as desk.reply() makes it: text, HTML with a picture in it, and files of these sizes."""
    return mail.compose(
        mail.Draft(
            message_id="a1b2@dealer.example",
            sender=Mailbox("Pérez, Ana", "support@dealer.example"),
            to=(Mailbox("Carla", "carla@customer.example"),),
            cc=(Mailbox("Jon", "jon@workshop.example"),),
            date=datetime(2026, 11, 24, 10, tzinfo=UTC),
            subject="Presupuesto de la bomba hidráulica, y más de lo que cabe en una línea de la cabecera",
            in_reply_to="q1@customer.example",
            references=("q0@customer.example", "q1@customer.example"),
            html='<p>Así: <img src="cid:pump"></p>',
            inline=(Attachment("pump.png", "image/png", picture, "pump", True),),
            attachments=tuple(
                Attachment(f"año {number}.pdf", "application/pdf", bytes([number]) * size, "", False)
                for number, size in enumerate(sizes)
            ),
        )
    )


def together(apart: Apart) -> bytes:
    """What Exchange makes of the pieces."""
    message = message_from_bytes(apart.draft, policy=default)
    assert isinstance(message, EmailMessage)
    for file in apart.files:
        named = {"isInline": True, "contentId": file.content_id} if file.content_id else {}
        content = base64.b64encode(file.content).decode()
        put_in(
            message, {"name": file.name, "contentType": file.content_type, "contentBytes": content, **named}
        )
    return message.as_bytes(policy=SMTP)


def read(raw: bytes) -> dict[str, object]:
    message = mail.parse(raw)
    return {
        "head": (message.subject, message.sender, message.to, message.cc, message.date, message.message_id),
        "thread": (message.in_reply_to, message.references),
        "text": message.text.strip(),
        "html": message.html.strip(),
        "files": sorted(
            (a.filename, a.content_type, a.content, a.content_id, a.inline) for a in message.attachments
        ),
    }


@pytest.mark.parametrize(
    ("sizes", "room", "taken_out"),
    [
        ((), 2_900_000, 0),
        ((50_000, 90_000), 100_000, 1),
        ((50_000, 90_000), 9_000, 2),
        ((3_200_000,), 2_900_000, 1),
    ],
)
def test_the_pieces_make_the_same_mail(sizes: tuple[int, ...], room: int, taken_out: int) -> None:
    content = finished(*sizes)
    apart = take_apart(content, ["carla@customer.example", "jon@workshop.example"], room=room)
    assert len(apart.files) == taken_out
    assert len(apart.draft) <= room
    assert read(together(apart)) == read(content)


def test_a_picture_in_the_text_stays_in_the_text_when_it_travels_by_itself() -> None:
    content = finished(picture=PICTURE * 100)
    apart = take_apart(content, [], room=20_000)
    assert [file.content_id for file in apart.files] == ["pump"]
    assert read(together(apart)) == read(content)


def test_a_mail_that_fits_is_handed_over_byte_for_byte() -> None:
    content = finished(1000)
    assert take_apart(content, []).draft == content


def test_blind_copies_are_of_the_envelope_alone() -> None:
    apart = take_apart(finished(), ["CARLA@customer.example", "jon@workshop.example", "boss@dealer.example"])
    assert apart.addressed == {"bccRecipients": ["boss@dealer.example"]}
    assert b"boss" not in apart.draft


def test_who_has_the_mail_already_does_not_get_it_by_the_header() -> None:
    apart = take_apart(finished(), ["jon@workshop.example"])
    assert apart.addressed == {"toRecipients": []}


def test_a_text_that_no_draft_holds_is_refused() -> None:
    with pytest.raises(CannotBeTakenApartError):
        take_apart(finished(100), [], room=500)
