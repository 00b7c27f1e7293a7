"""Text in every charset, declared rightly, wrongly or not at all."""

from __future__ import annotations

import encodings.aliases
import unicodedata

import pytest

from emailhub.mail import Mailbox, parse
from emailhub.mail.charsets import codec_of, decode_bytes
from tests.mail.messages import read


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gb2312_with_a_long_dash", "Hello\n维修——拖拉机 镕\n"),
        ("japanese_with_nec_characters", "Hello\n①トラクター修理 42\n"),
        ("koi8_raw_header_and_body", "Помогите\n"),
        ("latin1_that_is_utf8", "¡Qué lío! 10 €\n"),
        ("utf8_that_is_cp1252", "Hello\nCafé € 5 “ja” ñandú\n"),
        ("unknown_charset", "Hello\nMañana\n"),
        ("windows_1258_vietnamese", "Hello\nMáy kéo\n"),
        ("charset_unicode_escape", "\\x3cscript\\x3e \\u202e\n"),
    ],
)
def test_a_body_is_readable(name: str, expected: str) -> None:
    assert read(name).text == expected


def test_raw_bytes_in_the_header_are_read_by_the_charset_of_the_text() -> None:
    message = read("koi8_raw_header_and_body")
    assert message.subject == "Трактор не заводится"
    assert message.sender == Mailbox("Иван", "ivan@farm.example")


def test_a_subject_cut_inside_a_character_is_joined_before_it_is_decoded() -> None:
    assert read("subject_split_inside_a_character").subject == "Reparación urgente €"


def test_a_japanese_subject_with_nec_characters_is_read() -> None:
    assert read("japanese_with_nec_characters").subject == "①トラクター"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("ñandú €", "utf-8"),
        ("ñandú", "ISO-8859-1"),
        ("“€” ñ", "Windows-1252"),
        ("€ Œuvre", "iso-8859-15"),
        ("Łukasz žluťoučký", "iso-8859-2"),
        ("Привет", "koi8-r"),
        ("Здравствуйте", "windows-1251"),
        ("Привет", "ibm866"),
        ("Καλημέρα", "iso-8859-7"),
        ("日本語", "iso-2022-jp"),
        ("日本語ﾃｽﾄ", "shift_jis"),
        ("日本語", "euc-jp"),
        ("拖拉机", "gb18030"),
        ("拖拉機", "big5"),
        ("트랙터", "ks_c_5601-1987"),
        ("שלום", "iso-8859-8"),
        ("ไทย", "tis-620"),
        ("ñ", "utf-16"),
    ],
)
def test_each_charset_of_mail_is_read(text: str, charset: str) -> None:
    codec = codec_of(charset)
    assert codec
    assert decode_bytes(text.encode(codec), charset) == unicodedata.normalize("NFC", text)


def test_no_codec_is_chosen_by_the_sender_but_those_of_the_list() -> None:
    harmful = {
        "unicode_escape",
        "raw_unicode_escape",
        "utf_7",
        "rot_13",
        "idna",
        "punycode",
        "hex",
        "zlib",
        "mbcs",
    }
    names = {*encodings.aliases.aliases, *encodings.aliases.aliases.values(), *harmful}
    for name in names:
        for charset in (name, name.replace("_", "-"), name.upper()):
            assert codec_of(charset) not in harmful
            assert isinstance(decode_bytes(b"a \\u202e +ADw- \xf1 \xff\x00", charset), str)


def test_markup_does_not_come_out_of_utf7() -> None:
    message = read("charset_utf7_markup")
    assert "<script" not in message.html + message.text


def test_a_utf8_text_that_is_cut_is_not_read_as_latin() -> None:
    assert decode_bytes("mañana año niño señ".encode()[:-1], "utf-8") == "mañana año niño se\ufffd"


def test_html_without_a_charset_tells_it_itself() -> None:
    html = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Трактор</p>'
    assert "Трактор" in parse(b"Content-Type: text/html\n\n" + html.encode("cp1251")).html


def test_lone_surrogates_become_question_marks() -> None:
    assert decode_bytes(b"\xd8\x00\x00a", "utf-16be").endswith("a")
    assert parse(b"Subject: =?utf-16be?b?2AAAYQ==?=\n\nx").subject.isprintable()
