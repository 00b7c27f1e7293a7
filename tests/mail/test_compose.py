"""What we send parses back to what was meant, for every reader, whatever was typed into it."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.mail.compose import (
    Draft,
    UnfinishedMessageError,
    UnusableContentIdError,
    UnusableHeaderError,
    check_finished,
    compose,
    new_message_id,
)
from emailhub.mail.message import Attachment, Mailbox
from emailhub.mail.outgoing_headers import UnusableAddressError

DRAFT = Draft(
    message_id="our-1@dealer.example",
    sender=Mailbox("Service", "service@dealer.example"),
    to=(Mailbox("Carla", "carla@farm.example"),),
    date=datetime(2026, 11, 23, 10, 4, tzinfo=UTC),
    subject="Pump",
    text="Hello",
)
PICTURE = Attachment("logo.png", "image/png", b"\x89PNG", content_id="logo@dealer.example", inline=True)
FILE = Attachment("Presupuesto año 7.pdf", "application/pdf", b"%PDF\r\n\x00\r" * 50)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def structure(part: EmailMessage) -> object:
    if part.is_multipart():
        return [part.get_content_type(), *(structure(child) for child in part.iter_parts())]
    return part.get_content_type()


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (DRAFT, "text/plain"),
        (replace(DRAFT, html="<p>Hello</p>"), ["multipart/alternative", "text/plain", "text/html"]),
        (
            replace(DRAFT, html='<img src="cid:logo@dealer.example">', inline=(PICTURE,)),
            ["multipart/alternative", "text/plain", ["multipart/related", "text/html", "image/png"]],
        ),
        (replace(DRAFT, attachments=(FILE,)), ["multipart/mixed", "text/plain", "application/pdf"]),
        (
            replace(DRAFT, html="<p>x</p>", inline=(PICTURE,), attachments=(FILE, FILE)),
            [
                "multipart/mixed",
                ["multipart/alternative", "text/plain", ["multipart/related", "text/html", "image/png"]],
                "application/pdf",
                "application/pdf",
            ],
        ),
    ],
)
def test_the_structure_is_what_every_client_shows_right(draft: Draft, expected: object) -> None:
    assert structure(read(compose(draft))) == expected


def test_a_message_parses_back_to_its_draft() -> None:
    draft = replace(
        DRAFT,
        cc=(Mailbox("Núñez, Jürgen", "jon@farm.example"), Mailbox("", "bob@farm.example")),
        reply_to=(Mailbox("日本 Service", "reply+tok@dealer.example"),),
        subject="Avería: bomba hidráulica – señal 日本語 " + "muy larga " * 20,
        in_reply_to="a@farm.example",
        references=("first@farm.example", "a@farm.example"),
        text="Línea uno\n\n.\nFrom here\nüber\n" + "x" * 3_000,
        headers=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
        attachments=(FILE,),
    )
    message = read(compose(draft))
    assert [(a.display_name, a.addr_spec) for a in message["Cc"].addresses] == [
        ("Núñez, Jürgen", "jon@farm.example"),
        ("", "bob@farm.example"),
    ]
    assert message["Reply-To"].addresses[0].display_name == "日本 Service"
    assert message["Subject"] == draft.subject.strip()
    assert message["Date"].datetime == draft.date
    assert message["Message-ID"] == "<our-1@dealer.example>"
    assert message["In-Reply-To"] == "<a@farm.example>"
    assert message["References"].split() == ["<first@farm.example>", "<a@farm.example>"]
    assert message["Auto-Submitted"] == "auto-replied"
    body, attachment = message.iter_parts()
    assert body.get_content().replace("\r\n", "\n") == draft.text + "\n"
    assert attachment.get_filename() == FILE.filename
    assert attachment.get_content() == FILE.content
    assert attachment.get_content_disposition() == "attachment"


def test_html_brings_its_own_text() -> None:
    plain, html = read(
        compose(replace(DRAFT, text="", html="<p>Hola <b>Carla</b></p><ul><li>a</ul>"))
    ).iter_parts()
    assert plain.get_content().split() == ["Hola", "Carla", "-", "a"]
    assert "<p>Hola <b>Carla</b></p>" in html.get_content()


def test_an_inline_picture_is_found_by_its_content_id() -> None:
    message = read(compose(replace(DRAFT, html='<img src="cid:logo@dealer.example">', inline=(PICTURE,))))
    picture = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<logo@dealer.example>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_filename() == "logo.png"


def test_long_ids_are_neither_encoded_nor_broken() -> None:
    ids = tuple(f"{number}-{'x' * 200}@farm.example" for number in range(50))
    raw = compose(
        replace(DRAFT, references=ids, in_reply_to=ids[-1], message_id="m" * 200 + "@dealer.example")
    )
    message = read(raw)
    assert message["References"].split() == [f"<{id_}>" for id_ in (ids[0], *ids[-19:])]
    assert f"In-Reply-To: <{ids[-1]}>\r\n".encode() in raw
    assert ("Message-ID: <" + "m" * 200 + "@dealer.example>\r\n").encode() in raw


def test_ids_that_are_none_are_left_out() -> None:
    bad = ("", "a b@c", "a>\r\nBcc: x@y", "é@farm.example", "x" * 1_000, "good@farm.example")
    assert read(compose(replace(DRAFT, references=bad)))["References"] == "<good@farm.example>"
    assert read(compose(replace(DRAFT, in_reply_to="a\r\nBcc: x@y")))["In-Reply-To"] is None


BREAKS = ["\r\n", "\n", "\r", "\0", "\u2028", "\u0085", "\x0b", "\x0c", "\x1c"]
HOSTILE = [f"x{b}Bcc: mallory@evil.example{b}{b}<script>" for b in BREAKS] + [
    "=?utf-8?q?x=0D=0ABcc:_mallory@evil.example?=",
    "=?utf-8?q?x=0ABcc:_mallory@evil.example?= tail",
    "=?utf-8?b?eA0KQmNjOiBtYWxsb3J5QGV2aWwuZXhhbXBsZQ==?=",
    '"x" <mallory@evil.example>,',
    'x\\"; filename=evil.exe',
    "\ud800\udfff lone",
    "a" * 3_000,
    "é" * 3_000,
    "﷽" * 300,
    "=?" * 400,
]
FIELDS = {
    "subject": lambda text: replace(DRAFT, subject=text),
    "sender": lambda text: replace(DRAFT, sender=Mailbox(text, "service@dealer.example")),
    "to": lambda text: replace(DRAFT, to=(Mailbox(text, "carla@farm.example"),)),
    "cc": lambda text: replace(DRAFT, cc=(Mailbox(text, "jon@farm.example"),) * 3),
    "reply_to": lambda text: replace(DRAFT, reply_to=(Mailbox(text, "reply@dealer.example"),)),
    "in_reply_to": lambda text: replace(DRAFT, in_reply_to=text),
    "references": lambda text: replace(DRAFT, references=(text, "a@farm.example")),
    "text": lambda text: replace(DRAFT, text=text),
    "html": lambda text: replace(DRAFT, html=text),
    "file name": lambda text: replace(DRAFT, attachments=(replace(FILE, filename=text),)),
    "file type": lambda text: replace(DRAFT, attachments=(replace(FILE, content_type=text),)),
    "file type's end": lambda text: replace(DRAFT, attachments=(replace(FILE, content_type="a/" + text),)),
    "picture name": lambda text: replace(DRAFT, html="<p>", inline=(replace(PICTURE, filename=text),)),
    "extra": lambda text: replace(DRAFT, headers=(("List-Id", text),)),
}
ALWAYS = ["date", "from", "message-id", "mime-version", "subject", "to", "content-type"]
OPTIONAL = {
    "cc": ["cc"],
    "reply_to": ["reply-to"],
    "references": ["references"],
    "extra": ["list-id"],
}


def check_headers(field: str, raw: bytes) -> None:
    check_finished(raw)
    message = email.message_from_bytes(raw, policy=policy.compat32)
    names = sorted(set(map(str.lower, message.keys())) - {"content-transfer-encoding", "in-reply-to"})
    assert len(message.keys()) - len(names) <= 2
    assert names == sorted(ALWAYS + OPTIONAL.get(field, []))
    assert not message.defects
    for part in message.walk():
        extra = {name.lower() for name in part.keys()} - set(names)  # noqa: SIM118
        assert extra <= {"content-transfer-encoding", "content-disposition", "content-id", "in-reply-to"}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
@pytest.mark.parametrize("field", FIELDS)
def test_nothing_typed_into_a_field_adds_a_header(field: str, text: str) -> None:
    raw = compose(FIELDS[field](text))
    check_headers(field, raw)
    message = read(raw)
    addresses = [
        a.addr_spec
        for name in ("From", "To", "Cc", "Reply-To")
        for a in getattr(message[name], "addresses", ())
    ]
    assert set(addresses) <= {
        "service@dealer.example",
        "carla@farm.example",
        "jon@farm.example",
        "reply@dealer.example",
    }


TEXTS = st.text(st.characters() | st.sampled_from('\r\n\0\u2028\u0085"<>,;:\\()@=?é \t'), max_size=200)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(sorted(FIELDS)))
def test_no_text_in_any_field_adds_a_header(text: str, field: str) -> None:
    check_headers(field, compose(FIELDS[field](text)))


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=150).map(
    lambda text: " ".join(text.split())
)


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES)
def test_names_and_subjects_parse_back_as_typed(name: str, subject: str) -> None:
    draft = replace(
        DRAFT, subject=subject, to=(Mailbox(name, "carla@farm.example"), Mailbox(name, "jon@farm.example"))
    )
    # The newer reader of the standard library puts a space between two encoded words of a name.
    message = email.message_from_bytes(compose(draft), policy=policy.compat32)
    to = getaddresses([message["To"].replace("\r\n", "")])
    assert decoded(message["Subject"]) == subject
    assert [decoded(name) for name, _ in to] == [name, name]
    assert [address for _, address in to] == ["carla@farm.example", "jon@farm.example"]


def decoded(value: str) -> str:
    return str(make_header(decode_header(value.replace("\r\n", ""))))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=2_000), st.binary(max_size=2_000))
def test_bodies_and_files_parse_back(text: str, content: bytes) -> None:
    raw = compose(replace(DRAFT, text="a" + text, attachments=(replace(FILE, content=content),)))
    body, attachment = read(raw).iter_parts()
    assert attachment.get_content() == content
    sent = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", "a" + text)
    assert body.get_content().rstrip("\r\n").replace("\r\n", "\n").split("\n") == re.split(
        "\r\n|\r|\n", sent.rstrip("\r\n")
    )


BAD_ADDRESSES = [
    "", "x", "@farm.example", "a@", "ñu@farm.example", "a@b@c.example", "<a@farm.example>",
    "a,b@farm.example",
    "a b@farm.example", "a@farm.example\r\nBcc: b@x.example", "a@\ud800.test", "x" * 400 + "@b.example",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD_ADDRESSES, ids=ascii)
def test_an_address_that_cannot_be_written_is_refused_by_name(address: str) -> None:
    with pytest.raises(UnusableAddressError):
        compose(replace(DRAFT, to=(Mailbox("Carla", address),)))


def test_a_domain_beyond_ascii_is_written_as_a_labels() -> None:
    message = read(compose(replace(DRAFT, to=(Mailbox("", "carla@bücher.example"),))))
    assert message["To"].addresses[0].addr_spec == "carla@xn--bcher-kva.example"


def test_fifty_recipients_with_long_names_fit() -> None:
    to = tuple(Mailbox(f"Núñez, María José {n} (Granja)", f"person{n}@farm.example") for n in range(50))
    message = read(compose(replace(DRAFT, to=to)))
    assert [(a.display_name, a.addr_spec) for a in message["To"].addresses] == [
        (m.name, m.address) for m in to
    ]


@pytest.mark.parametrize("name", ["Bcc", "Resent-Bcc", "From", "X-Anything", "Subject\r\nBcc", ""])
def test_only_known_extra_headers_are_added(name: str) -> None:
    with pytest.raises(UnusableHeaderError):
        compose(replace(DRAFT, headers=((name, "x"),)))


@pytest.mark.parametrize("content_id", ["", "a b", "a\r\nBcc: x", "<a>", "é"])
def test_a_content_id_that_cannot_be_written_is_refused(content_id: str) -> None:
    with pytest.raises(UnusableContentIdError):
        compose(replace(DRAFT, html="<p>", inline=(replace(PICTURE, content_id=content_id),)))


def test_a_forwarded_message_goes_as_a_file() -> None:
    message = read(
        compose(replace(DRAFT, attachments=(Attachment("a.eml", "message/rfc822", b"Subject: x\n\ny"),)))
    )
    attachment = list(message.iter_parts())[1]
    assert attachment.get_content_type() == "application/octet-stream"
    assert attachment.get_content() == b"Subject: x\n\ny"


GOOD = b"From: a@b.example\r\nSubject: x\r\n\r\nBcc: in the body is text\r\n.\r\n"


def test_finished_bytes_pass_the_check() -> None:
    check_finished(GOOD)


@pytest.mark.parametrize(
    "raw",
    [
        b"BCC: x@y.example\r\n" + GOOD,
        GOOD.replace(b"Subject: x", b"Subject: x\r\nbcc : x@y.example"),
        b"Resent-Bcc: x@y.example\r\n" + GOOD,
        GOOD + b"\n.\n",
        GOOD + b"\r.\r\n",
        GOOD + b"\r\n.\r",
        GOOD + b"\r\r\n",
        GOOD + b"a\x00b\r\n",
        GOOD + b"x" * 999 + b"\r\n",
    ],
)
def test_bytes_that_must_not_leave_are_refused(raw: bytes) -> None:
    with pytest.raises(UnfinishedMessageError):
        check_finished(raw)


SMUGGLING = [
    "\r.\r",
    "\n.\n",
    "\r\n.\r",
    "\n.\r\n",
    "\r.\r\n",
    "\r\n.\n",
    "\r\r\n.\r\r\n",
    "\r\n.\r\n",
    "\n.\r",
]


@pytest.mark.parametrize("end", SMUGGLING, ids=repr)
def test_no_end_of_data_can_be_smuggled_out(end: str) -> None:
    trap = f"a{end}MAIL FROM:<mallory@evil.example>{end}"
    eml = Attachment("a.eml", "message/rfc822", trap.encode())
    check_finished(compose(replace(DRAFT, text=trap, html=trap, subject=trap, attachments=(eml,))))


def test_message_ids_are_unguessable() -> None:
    ids = {new_message_id("dealer.example") for _ in range(1_000)}
    assert len(ids) == 1_000
    assert all(re.fullmatch(r"[0-9a-f]{40}@dealer\.example", id_) for id_ in ids)
