"""Mail as real programs and broken ones send it."""

from __future__ import annotations

import email
import quopri
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.mail import Mailbox, Message, parse
from emailhub.mail.structure import read_structure
from tests.mail.messages import FOLDER, NAMES, mail, raw, read


def strings_of(message: Message) -> list[str]:
    """Every string that would be stored."""
    boxes = [*message.reply_to, *message.to, *message.cc, *([message.sender] if message.sender else [])]
    report = message.report
    return [
        message.message_id,
        *message.in_reply_to,
        *message.references,
        message.subject,
        message.text,
        message.html,
        message.auto_submitted,
        message.automatic,
        *message.defects,
        *(part for box in boxes for part in (box.name, box.address)),
        *(part for header in message.headers for part in header),
        *(text for a in message.attachments for text in (a.filename, a.content_type, a.content_id)),
        *(a.content_location for a in message.attachments),
        *([report.original_message_id, report.reporting_mta] if report else []),
        *(
            text
            for r in (report.recipients if report else ())
            for text in (r.final_recipient, r.diagnostic_code)
        ),
    ]


def assert_storable(message: Message) -> None:
    for text in strings_of(message):
        text.encode("utf-8")  # raises on a lone surrogate
        assert "\x00" not in text
    assert len(message.subject) <= 998
    assert len(message.references) <= 100
    assert all(len(id) <= 998 for id in (message.message_id, *message.references, *message.in_reply_to))
    assert message.date is None or message.date.tzinfo is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_is_read_into_storable_strings(name: str) -> None:
    message = read(name)
    assert_storable(message)
    assert message.text.strip() or message.attachments or name == "nothing_but_a_header"


@given(st.binary(max_size=2_000))
@settings(max_examples=300, deadline=None)
def test_parse_never_raises_whatever_the_bytes_are(content: bytes) -> None:
    assert_storable(parse(content))


_FIELDS = (
    "From To Subject Date Content-Type Content-Disposition Content-Transfer-Encoding Content-ID References"
)
_VALUES = """multipart/mixed;boundary=b multipart/report multipart/alternative;boundary="c" text/html
    text/plain;charset=
    message/delivery-status message/rfc822 utf-16 utf-7 iso-2022-jp gb2312 base64 quoted-printable x-uuencode
    =?utf-8?b? ?= =?utf-16?q?=D8=00?= filename*0*=utf-8''% name= %ED%A0 = < > ( ) @ , ; : " \\ a@b.example
    Final-Recipient:rfc822; Action:failed 0000 99:99:99 +9999"""
_BYTES = [
    b"\n",
    b"\r\n",
    b"\n\n",
    b"--b\n",
    b"--b--\n",
    b"--c\n",
    b" ",
    b"\t",
    b"\0",
    b"\x1b$B",
    b"\xff\xfe",
    b"\xed\xa0\x80",
]
_WORDS = st.sampled_from(
    [name.encode() + b": " for name in _FIELDS.split()] + [word.encode() for word in _VALUES.split()] + _BYTES
)


@given(st.lists(_WORDS | st.binary(max_size=6), max_size=60).map(b"".join))
@settings(max_examples=500, deadline=None)
def test_parse_never_raises_on_pieces_of_mail_in_any_order(content: bytes) -> None:
    assert_storable(parse(content))


@given(name=st.sampled_from(NAMES), cut=st.integers(0, 4_000), junk=st.binary(max_size=4))
@settings(max_examples=150, deadline=None)
def test_parse_never_raises_on_a_damaged_sample(name: str, cut: int, junk: bytes) -> None:
    content = raw(name)
    assert_storable(parse(content[:cut]))
    assert_storable(parse(content[:cut] + junk + content[cut + 1 :]))


_PRINTABLE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=60
)


@given(
    subject=_PRINTABLE, text=_PRINTABLE.filter(str.strip), name=_PRINTABLE, content=st.binary(max_size=300)
)
@settings(max_examples=100, deadline=None)
def test_what_the_standard_library_writes_is_read_back(
    subject: str, text: str, name: str, content: bytes
) -> None:
    written = EmailMessage(policy=policy.SMTP)
    written["From"] = "Ana Ruíz <ana@farm.example>"
    written["Subject"] = subject = " ".join(subject.split())
    written.set_content(text + "\n")
    written.add_alternative(f"<p>{text}</p>", subtype="html")
    written.add_attachment(content, "application", "pdf", filename=f"a{name}.pdf")
    message = parse(written.as_bytes())
    assert " ".join(message.subject.split()) == _composed(subject)
    assert message.text.rstrip("\n") == _composed(text)
    assert message.html.strip() == f"<p>{_composed(text)}</p>".strip()
    assert [a.content for a in message.attachments] == [content]
    assert message.sender == Mailbox("Ana Ruíz", "ana@farm.example")


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_READ_FURTHER = {
    "nothing_but_text",
    "junk_lines_in_the_header",
    "no_empty_line_before_the_body",
    "no_end_of_multipart",
    "boundary_only_closed_never_opened",
    "boundary_other_than_declared",
    "header_name_with_a_space",
    "lines_end_in_cr_only",
    "space_before_the_colon",
}


@pytest.mark.parametrize("name", NAMES)
def test_the_tree_is_the_one_that_the_standard_library_sees(name: str) -> None:
    if name in _READ_FURTHER:
        pytest.skip("the standard library gives up where we go on")
    ours, _ = read_structure(raw(name))
    mine = [_unless_message(part.content_type, part.content) for part in ours.walk() if not part.children]
    tree = email.message_from_bytes(raw(name), policy=policy.compat32)
    assert mine == list(_stdlib_leaves(tree))


def _unless_message(content_type: str, content: bytes) -> bytes:
    """The standard library takes a message apart, so only that there is one can be compared."""
    is_message = content_type.startswith("message/")
    return b"a message" if is_message else content.replace(b"\r\n", b"\n").rstrip(b"\n")


def _stdlib_leaves(part: email.message.Message) -> Iterator[bytes]:
    if part.get_content_maintype() == "message":
        yield b"a message"
    elif part.is_multipart():
        for child in part.get_payload():
            yield from _stdlib_leaves(child)
    else:
        yield _unless_message("", part.get_payload(decode=True))


def test_gmail_shows_its_inline_image_in_place() -> None:
    message = read("gmail_web_reply_with_inline_image")
    assert message.sender == Mailbox("Carla Ruíz", "carla.ruiz@farm.example")
    assert message.subject == "Re: Fuga de aceite en la cosechadora"
    assert message.message_id == "CAHq1=dEf+gh-IJ@mail.gmail.example"
    assert message.in_reply_to == ("a8f2c1@dealer.example",)
    assert message.references == (
        "first.1@dealer.example",
        "CAHq1=abc@mail.farm.example",
        "a8f2c1@dealer.example",
    )
    assert message.date == datetime(2026, 11, 16, 9, 12, 31, tzinfo=UTC)
    assert message.cc == (Mailbox("Jon", "jon@farm.example"),)
    assert message.text.startswith("Aquí está la foto:\n[image: fuga.png]\n")
    [image] = message.attachments
    assert (image.filename, image.content_id, image.inline) == ("fuga.png", "ii_m3k2x0a90", True)
    assert image.content.startswith(b"\x89PNG")
    assert message.automatic == "" and message.answerable and message.defects == ()


def test_outlook_keeps_its_logo_in_place_and_its_file_in_the_list() -> None:
    message = read("outlook_desktop_with_signature_logo_and_pdf")
    assert message.sender == Mailbox("Berger, Thomas", "thomas.berger@hof.example")
    assert message.subject == "AW: [#1042] Angebot für Hydraulikpumpe"
    assert message.text.startswith("Grüße aus dem Schwarzwald, Preis 125 €?")  # 0x80 under iso-8859-1
    assert "125 €?" in message.html
    assert [(a.filename, a.inline) for a in message.attachments] == [
        ("image001.png", True),
        ("Angebot für Müller.pdf", False),
    ]


def test_html_alone_gives_its_text() -> None:
    message = read("outlook_web_html_only_base64")
    assert message.text == "¿Cuándo llega el pedido 77?"
    assert "elementToProof" in message.html


def test_apple_mail_keeps_the_text_on_both_sides_of_a_file() -> None:
    message = read("apple_mail_mac_text_pdf_text")
    assert "Avant le document." in message.html and "Après le document." in message.html
    assert message.text == "Avant le document.\n\nAprès le document.\n"
    assert [(a.filename, a.inline) for a in message.attachments] == [("Facture n° 7.pdf", False)]


def test_a_phone_s_photo_that_no_html_names_is_in_the_list() -> None:
    message = read("iphone_photo_without_content_id")
    assert "La pieza está rota." in message.text and "Enviado desde mi iPhone" in message.text
    assert [(a.filename, a.inline) for a in message.attachments] == [("image0.png", False)]


def test_samsung_s_and_yahoo_s_two_views_are_one_body() -> None:
    samsung, yahoo = read("samsung_mail_html_with_plain"), read("yahoo_reply")
    assert samsung.text.startswith("El martes me viene bien.\n")
    assert samsung.html.count("El martes") == 1
    assert yahoo.text.startswith(" Thanks, paid.")
    assert "yahoo_quoted" in yahoo.html


def test_flowed_lines_are_joined_and_quotes_stay_apart() -> None:
    lines = read("thunderbird_flowed_quote").text.split("\n")
    assert lines[0].endswith("it fits into seventy-two columns.")
    assert "> Your next service is due after 500 hours, and it takes about half a day." in lines
    assert "From the field," in lines
    assert "-- " in lines


def test_flowed_text_with_delsp_has_no_spaces_put_in() -> None:
    assert read("flowed_with_delsp").text == "トラクター\n> Quotedline\n> > deeper\n-- \nsig\n"


def test_an_attached_mail_keeps_its_bytes_and_is_named_by_its_subject() -> None:
    [attached] = read("attached_mail_keeps_its_bytes").attachments
    content = raw("attached_mail_keeps_its_bytes")
    assert attached.content in content
    assert attached.content.startswith(b"From: jon@farm.example\r\n")
    assert attached.content.endswith(b"--inner--")
    assert b"X-Odd:   kept   as it is  \r\n" in attached.content
    assert attached.filename == "La averia_ a-b.eml"


def test_file_names_are_clean_and_distinct() -> None:
    message = read("hostile_and_double_file_names")
    names = [a.filename for a in message.attachments]
    assert names[:7] == [
        "passwd",
        "scan.pdf",
        "htaccess",
        "facturafdp.exe",
        "scan (2).pdf",
        "SCAN (3).pdf",
        "_con.txt",
    ]
    assert names[7].endswith("aaa.pdf") and len(names[7]) == 150
    assert names[8:] == ["a_b_.txt", "attachment-10.pdf", "empty.png"]
    assert message.attachments[-1].size == 0


def test_a_file_name_in_sections_out_of_order_is_put_together() -> None:
    [attached] = read("filename_in_rfc2231_sections").attachments
    assert attached.filename == "Presupuesto año 2026.pdf"


def test_an_image_before_the_html_is_found_by_its_id_in_any_case() -> None:
    message = read("outlook_related_image_first")
    assert "Look" in message.html
    assert [(a.content_type, a.inline) for a in message.attachments] == [("image/png", True)]


def test_an_image_named_by_location_is_in_place_and_an_unnamed_one_in_the_list() -> None:
    shown, unused = read("image_by_content_location").attachments
    assert (shown.content_location, shown.inline) == ("pictures/leak.png", True)
    assert (unused.filename, unused.inline) == ("unused.png", False)


def test_what_is_no_image_is_never_in_place() -> None:
    html = '<img src="cid:a@x">'
    message = parse(
        b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n" + html.encode()
        + b"\n--b\nContent-Type: image/png\nContent-ID: <a@x>\n\n<svg onload=alert(1)>\n--b--\n"
    )  # fmt: skip
    assert [a.inline for a in message.attachments] == [False]


def test_an_invitation_is_a_file_beside_the_body() -> None:
    message = read("calendar_invitation")
    assert message.text == "Visit on Monday"
    assert [(a.filename, a.content_type) for a in message.attachments] == [
        ("attachment-1.ics", "text/calendar")
    ]


def test_a_list_s_footer_is_kept_in_both_views() -> None:
    message = read("list_footer_after_alternative")
    assert message.text == "Question\n_____\nFarmers <list>"
    assert message.html.startswith("<b>Question</b>") and "Farmers &lt;list&gt;" in message.html


def test_an_empty_shell_of_html_does_not_hide_the_text() -> None:
    message = read("empty_html_beside_the_text")
    assert (message.text, message.html) == ("All is here", "")


def test_junk_in_the_header_is_passed_over() -> None:
    message = read("junk_lines_in_the_header")
    assert (message.subject, message.text) == ("still read", "Body is body: yes\n")
    assert message.defects == ("junk in the header",)


def test_a_body_without_an_empty_line_before_it_is_read() -> None:
    message = read("no_empty_line_before_the_body")
    assert (message.subject, message.text) == ("no gap", "Dear team\nplease call me\n")


def test_text_without_any_header_is_a_body() -> None:
    message = read("nothing_but_text")
    assert message.text == "just some words\nand more\n"
    assert message.sender is None and not message.answerable


def test_a_multipart_that_is_cut_or_has_no_boundary_still_shows_its_text() -> None:
    assert read("no_end_of_multipart").text == "first\nsecond, cut "
    assert read("multipart_without_boundary").text == "The text is here all the same.\n"


def test_a_part_behind_the_closing_delimiter_is_not_lost() -> None:
    message = parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n\n--b\n\ntwo\n")
    assert message.text == "one\ntwo\n"


def test_an_inner_multipart_without_end_does_not_swallow_the_outer() -> None:
    message = parse(
        b"Content-Type: multipart/mixed; boundary=o\n\n--o\n"
        b"Content-Type: multipart/alternative; boundary=i\n\n--i\n\ninner\n--o\n"
        b"Content-Type: application/pdf; name=a.pdf\n\npdf\n--o--\n"
    )
    assert message.text == "inner"
    assert [a.content for a in message.attachments] == [b"pdf"]


def test_a_boundary_that_begins_like_another_is_another() -> None:
    message = parse(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bb\n--b-\ntwo\n--b  \n\nthree\n--b--"
    )
    assert message.text == "one\n--bb\n--b-\ntwo\nthree"


def test_line_breaks_may_be_of_any_kind() -> None:
    texts = [
        parse(b.join([b"Subject: a", b"From: a@b.example", b"", b"one", b"two"]))
        for b in (b"\r\n", b"\n", b"\r")
    ]
    assert [(m.subject, m.text) for m in texts] == [("a", "one\ntwo")] * 3


def test_an_uuencoded_part_is_decoded() -> None:
    assert [a.content for a in read("uuencoded_part").attachments] == [b"Cat"]


def test_nul_and_control_characters_do_not_get_through() -> None:
    message = read("nul_and_control_characters")
    assert message.sender == Mailbox("Ana ze", "ana@farm.example")
    assert (message.subject, message.text) == ("abc", "text\n")


def test_encoded_line_breaks_do_not_make_new_header_lines() -> None:
    message = mail(Subject="=?utf-8?Q?one=0D=0ABcc:_x@evil.example?= =?utf-8?B?DQp0d28=?=")
    assert message.subject == "one Bcc: x@evil.example two"
    assert all("\n" not in value and "\r" not in value for _, value in message.headers)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Mon, 23 Nov 2026 10:00:00 +0100 (CET)", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("23 Nov 26 10:00 GMT", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 10:00:00 -0000", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("Mon, 31 Feb 2026 10:00:00 +0000", None),
        ("Mon, 23 Nov 2026 10:00:00 +9999", None),
        ("1 Jan 0001 00:00:00 +1400", datetime(2000, 12, 31, 10, tzinfo=UTC)),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_a_date_is_an_instant_or_nothing(stated: str, expected: datetime | None) -> None:
    assert mail(Date=stated).date == expected


def test_garbage_in_base64_and_quoted_printable_is_read_as_far_as_it_goes() -> None:
    base64 = parse(b"Content-Transfer-Encoding: base64\n\nSGVs*bG8g\n d29y!bGQ")
    quoted = parse(
        b"Content-Transfer-Encoding: Quoted-Printable\n\n" + quopri.encodestring("ñ=".encode()) + b"=ZZ="
    )
    assert base64.text == "Hello world"
    assert quoted.text.startswith("ñ==ZZ")


@pytest.mark.parametrize("content", [b"hello", b"hello!!"])
def test_a_footer_behind_base64_is_no_part_of_it(content: bytes) -> None:
    encoded = b64encode(content) + b"\r\n______\r\nFarmers mailing list\r\n"
    [attached] = parse(
        b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n" + encoded
    ).attachments
    assert attached.content == content


def test_a_text_that_is_sent_as_an_attachment_without_a_name_is_the_body() -> None:
    assert parse(b"Content-Disposition: attachment\n\nhello").text == "hello"
    named = parse(b"Content-Disposition: attachment; filename=a.txt\n\nhello")
    assert (named.text, [a.filename for a in named.attachments]) == ("", ["a.txt"])


def test_every_sample_is_stored_as_it_came() -> None:
    for path in FOLDER.glob("*.eml"):
        assert b"\r" in path.read_bytes(), path.name
