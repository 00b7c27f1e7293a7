"""HTML as faithful plain text: what a reader without HTML gets, what is searched, what a preview shows."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from emailhub.mail.dom import BLOCKS, UNREAD, name, parse_html
from emailhub.mail.sanitise import is_too_complex
from emailhub.mail.storable import storable

_APART = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"))
_CELLS = frozenset(("td", "th"))
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINKED = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_UNREAD_TAG = re.compile(r"<(/?)(?:script|style|title)\b[^<>]*>", re.IGNORECASE)
_LINE_TAG = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^<>]*>", re.IGNORECASE)


def plain_text(html: str) -> str:
    """Return the text of HTML: paragraphs, lists, quotes as "> ", links as "text <url>". Linear."""
    html = storable(html)
    body = None if is_too_complex(html) else parse_html(html)
    if body is None:
        return _stripped(html)
    writer = _Writer()
    _write(body, writer)
    return writer.result()


def preview(text: str, length: int = 160) -> str:
    """Return the beginning of a text in one line of at most `length` characters, cut between words."""
    line = " ".join(text[: length * 8].split())
    if len(line) <= length:
        return line
    space = line.rfind(" ", 0, length)
    cut = space if space > length // 2 else length - 1
    return line[:cut].rstrip(" ,.;:") + "…"


class _Writer:
    """Collects lines; knows how deep in quotes and lists it is."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._gap = False
        self._last_depth = 0
        self._bullet = ""
        self.quotes = 0
        self.preformatted = 0
        self.counters: list[int | None] = []  # of the open lists; None: not numbered

    def text(self, text: str) -> None:
        if self.preformatted:
            first, *rest = text.split("\n")
            self._line.append(first)
            for line in rest:
                self.end_line(empty_too=True)
                self._line.append(line)
            return
        text = _SPACE.sub(" ", text)
        if not self._line or self._line[-1].endswith((" ", "\t")):
            text = text.lstrip(" ")
        if text:
            self._line.append(text)

    def bullet(self, bullet: str) -> None:
        self.end_line()
        self._bullet = bullet

    def cell(self) -> None:
        if self._line:
            self._line.append("\t")

    def end_line(self, *, empty_too: bool = False) -> None:
        text = "".join(self._line).rstrip()
        self._line = []
        if text or empty_too:
            self._put(text)

    def gap(self) -> None:
        self.end_line()
        self._gap = bool(self._lines)

    def _put(self, text: str) -> None:
        depth = min(self.quotes, 20)
        quote = "> " * depth
        if self._gap and self._lines[-1].strip("> "):
            self._lines.append(("> " * min(depth, self._last_depth)).rstrip())
        self._gap, self._last_depth = False, depth
        indent = "  " * min(max(len(self.counters) - 1, 0), 20)
        lead, self._bullet = self._bullet, " " * len(self._bullet) if text else self._bullet
        self._lines.append((quote + indent + lead + text).rstrip() if not self.preformatted else quote + text)

    def result(self) -> str:
        self.end_line()
        return "\n".join(self._lines).replace("\xa0", " ").strip("\n")


def _write(body: etree._Element, writer: _Writer) -> None:
    unread: etree._Element | None = None
    for event, element in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        if event == "start" and unread is None:
            if name(element) in UNREAD:
                unread = element
            else:
                _start(element, writer)
                writer.text(element.text or "")
        elif event == "end" and unread is None:
            _end(element, writer)
        if event != "start" and (unread is None or unread is element):
            unread = None
            if element is not body and element.tail:
                writer.text(element.tail)


def _start(element: etree._Element, writer: _Writer) -> None:
    tag = name(element)
    if tag in _CELLS:
        writer.cell()
    elif tag in _APART and not (tag in ("ul", "ol") and writer.counters):
        writer.gap()
    elif tag in BLOCKS:
        writer.end_line()
    if tag == "blockquote":
        writer.quotes += 1
    elif tag in ("ul", "ol"):
        writer.counters.append(0 if tag == "ol" else None)
    elif tag == "li":
        writer.bullet(_bullet(writer.counters))
    elif tag == "pre":
        writer.preformatted += 1
    elif tag == "hr":
        writer.text("---")
    elif tag == "img" and (alt := (element.get("alt") or "").strip()):
        writer.text(f"[{alt}]")


def _bullet(counters: list[int | None]) -> str:
    if counters and (count := counters[-1]) is not None:
        counters[-1] = count + 1
        return f"{count + 1}. "
    return "- "


def _end(element: etree._Element, writer: _Writer) -> None:
    tag = name(element)
    if tag == "br":
        writer.end_line(empty_too=True)
    elif tag == "a":
        _end_link(element, writer)
    elif tag in BLOCKS and tag not in _CELLS:
        writer.end_line()
    if tag == "blockquote":
        writer.quotes -= 1
    elif tag in ("ul", "ol"):
        writer.counters.pop()
    elif tag == "li":
        writer.bullet("")
    elif tag == "pre":
        writer.preformatted -= 1
    if tag in _APART and not writer.counters:
        writer.gap()


def _end_link(link: etree._Element, writer: _Writer) -> None:
    url = (link.get("href") or "").strip()
    if not _LINKED.match(url) or len(url) > 2_000:
        return
    shown = "".join(str(piece) for piece in link.itertext()).strip()
    target = re.sub(r"^(?:mailto|tel):", "", url, flags=re.IGNORECASE)
    if shown and target.rstrip("/") not in (shown, "http://" + shown, "https://" + shown):
        writer.text(f" <{target}>")


def _stripped(html: str) -> str:
    """Return the text between the tags: for what no tree builder takes. Each pattern is linear."""
    read, inside = [], False
    position = 0
    for tag in _UNREAD_TAG.finditer(html):
        if not inside:
            read.append(html[position : tag.start()])
        inside, position = not tag.group(1), tag.end()
    read.append("" if inside else html[position:])
    text = unescape(_TAG.sub(" ", _LINE_TAG.sub("\n", "".join(read)))).replace("\xa0", " ")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
