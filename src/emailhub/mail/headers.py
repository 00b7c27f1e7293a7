"""Header fields: bytes to names and values (RFC 5322 2.2, RFC 2047, RFC 2231)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from emailhub.mail.charsets import decode_bytes
from emailhub.mail.storable import storable

MAX_FIELDS = 1_000
MAX_BLOCK = 256 * 1024
MAX_STRUCTURED = 4 * 1024  # bytes of a field that a parser with a grammar reads
MAX_VALUE = 16 * 1024  # bytes of a field that is decoded at all, References apart

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*\??)\?=")
_PARAMETER_PIECE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|;|[^";]+', re.S)
# Only these two: a path of Windows in a file name is not escaped by those who send one.
_QUOTED_PAIR = re.compile(r'\\(["\\])')
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?\Z")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The fields of one header, in order, names lower-case, values unfolded bytes."""

    fields: tuple[tuple[str, bytes], ...] = ()
    names: tuple[str, ...] = ()  # as written, beside `fields`

    def all(self, name: str) -> list[bytes]:
        """Return every value of the field `name` (lower-case)."""
        return [value for key, value in self.fields if key == name]

    def first(self, name: str) -> bytes:
        """Return the first value of the field `name`, empty where there is none."""
        return next((value for key, value in self.fields if key == name), b"")

    def text(self, name: str, hint: str = "") -> str:
        """Return the first value of the field `name` decoded."""
        return decode_value(self.first(name), hint)


def read_block(raw: bytes, start: int, end: int, defects: list[str]) -> tuple[HeaderBlock, int]:
    """Read the header that begins at `start`; return it and where the body begins.

    A line that is no field is passed over if fields follow it. If none follows, the empty line
    before the body is missing and the body begins there.
    """
    block_end, body = _extent(raw, start, end)
    if block_end - start > MAX_BLOCK:
        defects.append("header block too long")
        block_end = start + MAX_BLOCK
    fields, junk_at = _fields(raw, start, block_end, defects)
    if junk_at is not None:
        body = junk_at
    return _unfolded(fields), body


def _extent(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the header ends and where the body begins."""
    for empty_line in (b"\r\n", b"\n"):
        if raw.startswith(empty_line, start, end):
            return start, start + len(empty_line)
    block_end = body = end
    for gap in (b"\n\r\n", b"\n\n"):
        if (at := raw.find(gap, start, end)) >= 0:
            block_end, body, end = at, at + len(gap), at
    return block_end, body


_Field = tuple[str, list[bytes]]


def _fields(raw: bytes, start: int, end: int, defects: list[str]) -> tuple[list[_Field], int | None]:
    """Return the fields with their lines, and where junk begins that no field follows."""
    fields: list[_Field] = []
    junk_at: int | None = None
    position = start
    for line in raw[start:end].split(b"\n"):
        line_at, position = position, position + len(line) + 1
        if line[:1] in {b" ", b"\t"} and fields and junk_at is None:
            fields[-1][1].append(line)
        elif match := _FIELD.match(line):
            _note(defects, junk_at is not None, "junk in the header")
            junk_at = None
            if len(fields) >= MAX_FIELDS:
                _note(defects, True, "too many header fields")
                break
            fields.append((match[1].decode("ascii"), [line[match.end() :]]))
        elif junk_at is None and line.strip() and not (line_at == start and line.startswith(b"From ")):
            junk_at = line_at
    _note(defects, junk_at is not None, "no empty line after the header")
    return fields, junk_at


def _note(defects: list[str], applies: bool, defect: str) -> None:
    if applies and defect not in defects:
        defects.append(defect)


def _unfolded(fields: Iterable[_Field]) -> HeaderBlock:
    named = [(name, b"".join(line.rstrip(b"\r") for line in lines).strip()) for name, lines in fields]
    return HeaderBlock(
        tuple((name.lower(), value) for name, value in named), tuple(name for name, _ in named)
    )


def decode_value(raw: bytes, hint: str = "") -> str:
    """Return an unstructured value as storable text, its encoded words decoded."""
    if len(raw) > MAX_VALUE:  # cut between words, encoded ones too
        raw = raw[:MAX_VALUE].rpartition(b" ")[0] or raw[:MAX_VALUE]
    return decode_words(to_text(raw, hint), hint)


def to_text(raw: bytes, hint: str = "") -> str:
    """Return the bytes of a value as text, encoded words untouched. Raw 8-bit bytes are tolerated."""
    return storable(raw.decode("ascii") if raw.isascii() else decode_bytes(raw, "", hint))


def decode_words(text: str, hint: str = "") -> str:
    """Decode the encoded words of RFC 2047 in `text`.

    Neighbours in one charset are joined as bytes before they are decoded, because many senders cut
    inside a character. Words are also read where the RFC forbids them, as within quotes.
    """
    if "=?" not in text:
        return text
    return storable("".join(_decoded_runs(text)).replace("\r", " ").replace("\n", " "))


def _decoded_runs(text: str) -> Iterator[str]:
    position = 0
    pending, charset = bytearray(), ""
    for word in _ENCODED_WORD.finditer(text):
        between = text[position : word.start()]
        word_charset = word[1].partition("*")[0].lower()  # RFC 2231 5: charset*language
        if pending and (between.strip() or word_charset != charset):
            yield decode_bytes(bytes(pending), charset, hint="")
            pending.clear()
        if between.strip() or position == 0:
            yield between
        charset = word_charset
        pending += _word_bytes(word[2], word[3])
        position = word.end()
    yield decode_bytes(bytes(pending), charset)
    yield text[position:]


def _word_bytes(encoding: str, data: str) -> bytes:
    raw = data.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    return decode_base64(raw)


def decode_base64(raw: bytes) -> bytes:
    """Decode base64 as far as it goes; what is no base64 in it is passed over.

    The padding ends it: behind it stand the footers that lists and virus scanners append.
    """
    data, padding, _ = raw.partition(b"=")
    raw = data + padding * 2
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        letters = letters[: -1 if len(letters) % 4 == 1 else None]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def read_parameters(raw: bytes, hint: str = "") -> tuple[str, dict[str, str]]:
    """Return the value of a field such as Content-Type, lower-case, and its parameters decoded.

    Continuations and charsets by RFC 2231, encoded words and raw 8-bit bytes as senders use them.
    """
    pieces = list(_pieces(to_text(raw[:MAX_STRUCTURED], hint)))
    value = pieces[0].strip().lower() if pieces else ""
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for piece in pieces[1:]:
        name, equals, text = piece.partition("=")
        match = _SECTION.match(name.strip().lower())
        if not equals or not match:
            continue
        if match[2] is None and match[3] is None:
            plain.setdefault(match[1], decode_words(_unquoted(text), hint))
        else:
            sections.setdefault(match[1], []).append((int(match[2] or 0), bool(match[3]), _unquoted(text)))
    return value, plain | {name: _joined(parts) for name, parts in sections.items()}


def _pieces(text: str) -> Iterator[str]:
    """Split at semicolons outside quoted strings."""
    current: list[str] = []
    for piece in _PARAMETER_PIECE.findall(text):
        if piece == ";":
            yield "".join(current)
            current.clear()
        else:
            current.append(piece)
    yield "".join(current)


def _unquoted(text: str) -> str:
    text = text.strip()
    if not text.startswith('"'):
        return text
    return _QUOTED_PAIR.sub(r"\1", text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:])


def _joined(sections: list[tuple[int, bool, str]]) -> str:
    """Join the sections of a continued parameter (RFC 2231 3 and 4)."""
    sections.sort(key=lambda section: section[0])
    _, encoded, first = sections[0]
    charset, quote, rest = first.partition("'")
    if not encoded or not quote or "'" not in rest:
        charset, rest = "", first
    else:
        rest = rest.partition("'")[2]
    texts = [(encoded, rest), *((is_encoded, text) for _, is_encoded, text in sections[1:])]
    raw = b"".join(unquote_to_bytes(text) if is_encoded else text.encode() for is_encoded, text in texts)
    return storable(decode_bytes(raw, charset))
