"""Plain text as safe HTML: everything escaped, addresses made links, lines and indentation kept."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby

_ADDRESS = re.compile(
    r"(?P<url>https?://(?=[\w\[])[^\s<>\"'`\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]{1,2000})"
    r"|(?P<www>\bwww\.[a-z0-9-]{1,63}\.[^\s<>\"'`\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]{2,2000})"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'*_~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_QUOTE = re.compile(r" ?((?:> ?)+)")
_MAX_DEPTH = 20
_REL = 'rel="noopener noreferrer nofollow" target="_blank"'


def linkify(text: str) -> str:
    """Return a plain-text body as HTML: quoted lines (RFC 3676 4.5) in blockquotes, web and mail links."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    parts: list[str] = []
    depth = 0
    for level, group in groupby(map(_unquoted, lines), key=lambda line: line[0]):
        parts.append("<blockquote>" * (level - depth) + "</blockquote>" * (depth - level))
        parts.append('<div class="plain">' + "\n".join(_linked(line) for _, line in group) + "</div>")
        depth = level
    return "".join(parts) + "</blockquote>" * depth


def _unquoted(line: str) -> tuple[int, str]:
    match = _QUOTE.match(line)
    return (min(match.group(1).count(">"), _MAX_DEPTH), line[match.end() :]) if match else (0, line)


def _linked(line: str) -> str:
    parts: list[str] = []
    position = 0
    for match in _ADDRESS.finditer(line):
        address = match.group()
        shown = address if match.lastgroup == "mail" else _without_trailing(address)
        prefix = {"url": "", "www": "http://", "mail": "mailto:"}[match.lastgroup or "url"]
        parts.append(escape(line[position : match.start()]))
        parts.append(f'<a href="{escape(prefix + shown)}" {_REL}>{escape(shown)}</a>')
        position = match.start() + len(shown)
    return "".join(parts) + escape(line[position:])


def _without_trailing(url: str) -> str:
    """Return a URL without the punctuation of the sentence around it."""
    while url:
        last = url[-1]
        if last in _TRAILING or (last in _BRACKETS and url.count(last) > url.count(_BRACKETS[last])):
            url = url[:-1]
        else:
            break
    return url
