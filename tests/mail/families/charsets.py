"""Each charset that mail comes in, in the body, the subject, a name and a file name; declared well and badly."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

from tests.mail.families.write import Made, header, multipart

# The name that senders give, the codec that they mean, and a text that only it (or a relative) can hold.
_CHARSETS = (
    ("utf-8", "utf-8", "Größe ✓ 价格 Дизель"),
    ("iso-8859-1", "latin-1", "Señor Müller, ¿llegó?"),
    ("iso-8859-15", "iso-8859-15", "Prix : 99 € très cœur"),
    ("windows-1252", "cp1252", "“Größe” – 99 € …"),
    ("windows-1250", "cp1250", "Żółta łódź, příliš žluťoučký"),
    ("iso-8859-2", "iso-8859-2", "Zażółć gęślą jaźń"),
    ("windows-1251", "cp1251", "Насос протекает, № 5"),
    ("koi8-r", "koi8-r", "Насос протекает снова"),
    ("koi8-u", "koi8-u", "Насос протікає, їжак"),
    ("windows-1253", "cp1253", "Η αντλία χάνει λάδι"),
    ("windows-1254", "cp1254", "Pompa yağ kaçırıyor, şişe"),
    ("windows-1255", "cp1255", "המשאבה דולפת"),
    ("windows-1256", "cp1256", "المضخة تسرب الزيت"),
    ("windows-1257", "cp1257", "Sūknis tek, ačiū"),
    ("gb2312", "gb18030", "水泵漏油 — 请回复"),
    ("gb18030", "gb18030", "水泵漏油㐂"),
    ("gbk", "gbk", "水泵漏油請回覆"),
    ("big5", "big5", "水泵漏油請回覆"),
    ("shift_jis", "cp932", "ポンプの油漏れ①"),
    ("iso-2022-jp", "iso-2022-jp", "ポンプの油漏れ"),
    ("euc-jp", "euc-jp", "ポンプの油漏れ"),
    ("euc-kr", "cp949", "펌프에서 기름이 샙니다"),
    ("ks_c_5601-1987", "cp949", "펌프 똠방각하"),
    ("tis-620", "tis-620", "ปั๊มน้ำมันรั่ว"),
    ("cp850", "cp850", "Pièce reçue à Málaga"),
    ("macintosh", "mac-roman", "Pièce reçue “hier”"),
)


def made() -> Iterator[Made]:
    for charset, codec, text in _CHARSETS:
        yield _everywhere(charset, codec, text)
    yield from _mislabelled()


def _everywhere(charset: str, codec: str, text: str) -> Made:
    raw = text.encode(codec)
    name = f"charset_{charset.replace('-', '_').replace('_', '_')}_everywhere"
    word = f"=?{charset}?B?{base64.b64encode(raw).decode()}?="
    file = f"filename*={charset}''{quote_from_bytes(text[:6].strip(' :').encode(codec))}.pdf"
    body = multipart(
        "mixed",
        f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + base64.encodebytes(raw),
        f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {file}\r\n\r\n%PDF-1.4".encode(),
    )
    expected = {
        "subject": text,
        "sender": f"{text} <carla@farm.example>",
        "text": text,
        "attachments": [f"{text[:6].strip(' :')}.pdf"],
    }
    return Made(name, header(subject=word, sender=f"{word} <carla@farm.example>", name=name) + body, expected)


def _mislabelled() -> Iterator[Made]:
    text = "La bomba perdió 3 l de aceite – ¿qué hago?"
    cases = (
        ("utf8_said_to_be_latin1", text.encode(), "charset=iso-8859-1", text),
        ("utf8_said_to_be_ascii", text.encode(), "charset=us-ascii", text),
        ("utf8_without_charset", text.encode(), "", text),
        ("cp1252_said_to_be_utf8", text.encode("cp1252"), "charset=utf-8", text),
        ("cp1252_without_charset", text.encode("cp1252"), "", text),
        ("charset_in_single_quotes", text.encode("cp1252"), "charset='windows-1252'", text),
        ("charset_with_a_comment", text.encode("cp1252"), "charset=windows-1252 (Western)", text),
        ("charset_twice", text.encode("cp1252"), "charset=windows-1252; charset=utf-8", text),
        ("charset_of_no_codec", text.encode(), "charset=x-unknown", text),
        ("charset_utf16_with_mark", text.encode("utf-16"), "charset=utf-16", text),
        ("charset_utf7_stays_as_it_is", b"+ADw-script+AD4-", "charset=utf-7", "+ADw-script+AD4-"),
        ("utf8_with_a_mark", b"\xef\xbb\xbf" + text.encode(), "charset=utf-8", text),
        (
            "utf8_cut_inside_a_character",
            "Pieza 6R ya está aquí".encode()[:-2] + b"\xc3",
            "charset=utf-8",
            "Pieza 6R ya está aqu�",
        ),
    )
    for name, raw, parameter, expected in cases:
        content_type = f"Content-Type: text/plain{'; ' + parameter if parameter else ''}\r\n"
        encoding = "Content-Transfer-Encoding: base64\r\n\r\n"
        body = content_type.encode() + encoding.encode() + base64.encodebytes(raw)
        yield Made(f"mislabelled_{name}", header(subject="Pump", name=name) + body, {"text": expected})
