"""Which parts of a mail are its text, and which are files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote

from emailhub.mail import uuencode
from emailhub.mail.charsets import decode_bytes
from emailhub.mail.filenames import clean_filename, distinct_filenames, made_up_filename
from emailhub.mail.flowed import unflow
from emailhub.mail.headers import HeaderBlock, read_block
from emailhub.mail.message import Attachment
from emailhub.mail.storable import one_line, storable
from emailhub.mail.structure import Part

# Other views of the same text, for watches and for AMP; nothing is lost without them.
_SPARE_ALTERNATIVES = {"text/x-amp-html", "text/watch-html"}
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,10}=\s{0,10}[\"']?([A-Za-z0-9_.:-]{2,40})", re.I)
_CID = re.compile(r"\bcid:([^\"'\s>)]{1,998})", re.I)
_SOURCE = re.compile(r"\b(?:src|background)\s{0,10}=\s{0,10}[\"']?([^\"'\s>]{1,998})", re.I)
_TAG = re.compile(r"<[^<>]*>")
_RASTER = re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM", re.S)
_MAX_ID = 998
MAX_FLOWED = 2_000_000  # a longer text keeps its soft line breaks


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the body as plain text, as HTML, or as both."""

    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a mail and the files with it."""

    text: str
    html: str
    attachments: tuple[Attachment, ...]


def first_charset(root: Part) -> str:
    """Return the charset of the first text part, by which undeclared bytes elsewhere are read."""
    charsets = (part.parameters.get("charset", "") for part in root.walk() if part.maintype == "text")
    return next((charset for charset in charsets if charset), "")


def read_body(root: Part, hint: str, to_text: Callable[[str], str]) -> Body:
    """Choose the body among the parts; all others become attachments. `to_text` turns HTML into text."""
    reader = _Reader(hint)
    pieces = reader.pieces(root, may_have_name=True)
    html = _joined_html(pieces) if any(piece.html for piece in pieces) else ""
    text = "\n".join(piece.text or (to_text(piece.html) if piece.html else "") for piece in pieces)
    return Body(text, html, tuple(_attachments(reader.files, html, hint)))


class _Reader:
    """Walks the tree once, gathers the pieces of the body and the parts that are files."""

    def __init__(self, hint: str) -> None:
        self.hint = hint
        self.files: list[Part] = []

    def pieces(self, part: Part, *, may_have_name: bool = False) -> list[Piece]:
        """Return the pieces below `part`. In the place of the body a file name does not make a file."""
        match part.content_type:
            case "multipart/alternative" if part.children:
                return self.alternative(part)
            case "multipart/related" if part.children:
                return self.related(part)
            case "multipart/appledouble" if len(part.children) > 1:  # RFC 1740: resource fork and file
                return [piece for child in part.children[1:] for piece in self.pieces(child)]
            case _ if part.children:
                return [piece for child in part.children for piece in self.pieces(child)]
        if _is_text(part, may_have_name=may_have_name):
            return [self.decoded(part)]
        self.files.append(part)
        return []

    def alternative(self, part: Part) -> list[Piece]:
        """Take the last view with HTML and the last without (RFC 2046 5.1.4: best last)."""
        views = [
            self.pieces(child, may_have_name=True)
            for child in part.children
            if child.content_type not in _SPARE_ALTERNATIVES
        ]
        plain = [view for view in views if _has_text(view) and not any(piece.html for piece in view)]
        rich = [view for view in views if any(_says_something(piece.html) for piece in view)]
        if not rich or not plain:
            return (rich or plain or [[]])[-1]
        return [Piece("\n".join(piece.text for piece in plain[-1]), _joined_html(rich[-1]))]

    def related(self, part: Part) -> list[Piece]:
        """Take the root for the body; what belongs to it are files (RFC 2387)."""
        root = _root_of(part)
        pieces = self.pieces(root, may_have_name=True)
        for child in part.children:
            if child is root:
                continue
            if _is_text(child) and not child.headers.first("content-id"):
                pieces += self.pieces(child)
            else:
                self.files += [leaf for leaf in child.walk() if not leaf.children]
        return pieces

    def decoded(self, part: Part) -> Piece:
        """Return a text part as a piece."""
        content, charset = part.content, part.parameters.get("charset", "")
        if part.content_type == "text/html":
            if not charset and (meta := _META_CHARSET.search(content[:4096])):
                charset = meta[1].decode("ascii")
            return Piece(html=_lines(decode_bytes(content, charset, self.hint)))
        content, within = uuencode.take_out(content)
        self.files += [_file_within(name, file) for name, file in within]
        text = _lines(decode_bytes(content, charset, self.hint))
        if part.parameters.get("format", "").strip().lower() == "flowed" and len(text) <= MAX_FLOWED:
            delete_space = part.parameters.get("delsp", "").strip().lower() == "yes"
            text = unflow(text, delete_space=delete_space)
        return Piece(text=text)


def _file_within(name: str, content: bytes) -> Part:
    return Part(HeaderBlock(), "application/octet-stream", {}, "attachment", {"filename": name}, content)


def _lines(text: str) -> str:
    return storable(text).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _is_text(part: Part, *, may_have_name: bool = False) -> bool:
    """Tell whether a part is text to show. In the place of the body only a named attachment is none."""
    if part.content_type not in {"text/plain", "text/html"}:
        return False
    has_name = bool(_stated_filename(part))
    if part.disposition == "attachment":
        return may_have_name and not has_name
    return may_have_name or not has_name


def _has_text(pieces: Iterable[Piece]) -> bool:
    return any(piece.text.strip() for piece in pieces)


def _says_something(html: str) -> bool:
    """Tell whether HTML shows anything: some programs add an empty shell beside the text."""
    if not html or len(html) > 2_000 or "<img" in html.lower():
        return bool(html)
    return bool(unescape(_TAG.sub("", html)).strip())


def _joined_html(pieces: list[Piece]) -> str:
    return "".join(
        piece.html or f'<div style="white-space: pre-wrap">{escape(piece.text)}</div>'
        for piece in pieces
        if piece.html or piece.text.strip()
    )


def _root_of(part: Part) -> Part:
    """Return the part that `start` names, else the first that can be shown: images may stand before it."""
    start = part.parameters.get("start", "").strip("<> ")
    for child in part.children:
        if start and _content_id(child) == start:
            return child
    shown = (child for child in part.children if child.children or _is_text(child, may_have_name=True))
    return next(shown, part.children[0])


def _attachments(files: list[Part], html: str, hint: str) -> Iterable[Attachment]:
    names = distinct_filenames([_filename(part, number) for number, part in enumerate(files, start=1)])
    shown = _Shown(html if files else "")
    for part, name in zip(files, names, strict=True):
        content, content_id = part.content, _content_id(part)
        location = one_line(part.headers.text("content-location", hint), _MAX_ID)
        # Only what is an image by its bytes can be shown in place; the rest must stay in the list.
        inline = bool(_RASTER.match(content)) and shown.has(content_id, location)
        yield Attachment(name, part.content_type, content, content_id, location, inline)


class _Shown:
    """What the HTML shows in place."""

    def __init__(self, html: str) -> None:
        self.content_ids = {unquote(unescape(found)).lower() for found in _CID.findall(html)}
        self.sources = {unescape(found) for found in _SOURCE.findall(html)}

    def has(self, content_id: str, location: str) -> bool:
        return content_id.lower() in self.content_ids or location in self.sources


def _content_id(part: Part) -> str:
    return one_line(part.headers.text("content-id"), _MAX_ID).strip("<> ")


def _stated_filename(part: Part) -> str:
    """Return the cleaned file name that the sender gave, "" if none."""
    stated = (part.disposition_parameters.get("filename", ""), part.parameters.get("name", ""))
    return next((name for name in map(clean_filename, stated) if name), "")


def _filename(part: Part, number: int) -> str:
    if stated := _stated_filename(part):
        return stated
    if part.content_type in {"message/rfc822", "message/global"}:
        content = part.content
        headers, _ = read_block(content, 0, min(len(content), 16_384), [])
        if subject := clean_filename(headers.text("subject").replace("/", "-")[:100]):
            return f"{subject}.eml"
    return made_up_filename(part.content_type, number)
