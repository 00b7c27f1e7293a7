"""Bytes to text, whatever charset the sender claims.

Mail may not choose the codec freely: Python's unicode_escape or utf-7 would let it write characters
that no filter before us has seen. What is not on the list is read as UTF-8 or windows-1252.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_SAME_NAME = (
    "utf-8 utf-16 utf-16le utf-16be utf-32 utf-32le utf-32be koi8-r koi8-u koi8-t kz1048 ptcp154 "
    "gb18030 big5 big5-hkscs euc-jp euc-jis-2004 iso-2022-jp iso-2022-kr johab tis-620 mac-roman hz "
    "mac-cyrillic mac-greek mac-latin2 mac-turkish "
    "iso-8859-1 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-9 "
    "iso-8859-10 iso-8859-11 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 "
    "cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 "
    "cp874 cp932 cp949 cp950 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258"
)
_ALIASES = {
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "646": "ascii",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "iso8859-1": "iso-8859-1",
    "8859-1": "iso-8859-1",
    "ansi": "cp1252",
    "latin2": "iso-8859-2",
    "latin9": "iso-8859-15",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    # Senders that say gb2312 use characters of its supersets, such as the long dash.
    "gb2312": "gb18030",
    "gb-2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "big5hkscs": "big5-hkscs",
    "big-5": "big5",
    "x-x-big5": "big5",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks-c-5601-1987": "cp949",
    "ksc5601": "cp949",
    "korean": "cp949",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "uhc": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "eucjp": "euc-jp",
    "x-euc-jp": "euc-jp",
    "iso2022jp": "iso-2022-jp",
    "iso-2022-jp-1": "iso-2022-jp",
    "iso-2022-jp-2": "iso-2022-jp",
    "iso-2022-jp-3": "iso-2022-jp",
    "iso-2022-jp-2004": "iso-2022-jp",
    "iso-2022-jp-ms": "iso-2022-jp",
    "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp",
    "cp50222": "iso-2022-jp",
    "tis620": "tis-620",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "koi8r": "koi8-r",
    "koi8": "koi8-r",
}


def _codec_table() -> dict[str, str]:
    table = {name: name for name in _SAME_NAME.split()} | _ALIASES
    for page in [name[2:] for name in table if name.startswith("cp") and name[2:].isdigit()]:
        for prefix in ("windows-", "win-", "x-cp", "cp-", "ibm", "ibm-", "dos-"):
            table.setdefault(prefix + page, table["cp" + page])
    for number in range(1, 17):
        table.setdefault(f"iso8859-{number}", table.get(f"iso-8859-{number}", "cp1252"))
    return table


_CODECS = _codec_table()
_MOST_ESCAPES = 100_000  # more are no text
_JAPANESE_RUN = re.compile(rb"\x1b(\$[@B]|\$\([@BDOPQ]|\([BIJ])([^\x1b]*)")


def codec_of(charset: str) -> str | None:
    """Return the Python codec of a charset name as senders write it, None where it is not allowed."""
    name = charset.strip(" \t'\"").lower().replace("_", "-") if len(charset) <= 60 else ""
    return _CODECS.get(name) or _CODECS.get(name.replace("-", "_"))


def decode_bytes(raw: bytes, charset: str = "", hint: str = "") -> str:
    """Return `raw` as text: by the declared `charset` where it fits, else by what the bytes look like.

    `hint` is the charset of a neighbouring part, tried where nothing was declared.
    """
    if raw.isascii() and b"\x1b" not in raw and not _is_stateful(charset):
        return raw.decode("ascii")
    text = _first_that_fits(raw, _candidates(raw, charset, hint))
    if text is None:
        text = _with_replacements(raw, codec_of(charset) or codec_of(hint) or "cp1252")
    # windows-1258 and some phones write accents as characters of their own.
    return unicodedata.normalize("NFC", text)


def _is_stateful(charset: str) -> bool:
    """Tell whether ASCII bytes may mean something else in this charset."""
    codec = codec_of(charset) or ""
    return codec.startswith(("utf-16", "utf-32", "hz", "iso-2022"))


def _candidates(raw: bytes, charset: str, hint: str) -> Iterator[str]:
    codec = codec_of(charset)
    if codec in {None, "ascii", "iso-8859-1"}:  # what senders write who do not know
        yield "utf-8"
        if b"\x1b$" in raw or b"\x1b(" in raw:
            yield "iso-2022-jp"
        if codec in {None, "ascii"} and (hinted := codec_of(hint)):
            yield hinted
        yield "cp1252"
        return
    yield codec
    yield "utf-8"


def _first_that_fits(raw: bytes, codecs: Iterator[str]) -> str | None:
    for codec in codecs:
        try:
            return _strictly(raw, codec)
        except (UnicodeError, ValueError):
            continue
    return None


def _strictly(raw: bytes, codec: str) -> str:
    if codec == "iso-2022-jp":
        return _japanese(raw)
    if codec == "utf-16" and raw[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        codec = "utf-16be"  # RFC 2781 4.3
    return raw.decode(codec)


def _japanese(raw: bytes) -> str:
    """Decode ISO-2022-JP (RFC 1468), also with the rows that NEC added and no strict codec knows."""
    try:
        return raw.decode("iso2022_jp")
    except UnicodeError:
        return _as_euc(raw).decode("euc_jis_2004")


def _as_euc(raw: bytes) -> bytes:
    if raw.count(b"\x1b") > _MOST_ESCAPES:
        return raw
    return _JAPANESE_RUN.sub(_euc_run, raw)


def _euc_run(run: re.Match[bytes]) -> bytes:
    escape, data = run.groups()
    if escape.startswith(b"$"):
        return bytes(byte | 0x80 if byte > 0x20 else byte for byte in data)
    if escape == b"(I":  # half-width katakana
        return b"".join(b"\x8e" + bytes([byte | 0x80]) if byte > 0x20 else bytes([byte]) for byte in data)
    return data


def _with_replacements(raw: bytes, codec: str) -> str:
    """Decode what no codec reads without error: a text that is cut or patched together."""
    if codec == "iso-2022-jp":
        return _as_euc(raw).decode("euc_jis_2004", "replace")
    text = raw.decode(codec, "replace")
    if codec == "utf-8" and _is_hardly_utf8(text):
        return raw.decode("cp1252", "replace")
    return text


def _is_hardly_utf8(text: str) -> bool:
    """Tell whether more characters failed than were read: then the declaration is wrong, not the text."""
    failed = text.count("\ufffd")
    return failed > sum(not character.isascii() for character in text) - failed
