"""What of a mail's CSS may reach a browser: an allow-list of properties and of the tokens in their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import css_inline
import tinycss2
from tinycss2.ast import Declaration, Node

# Nothing that takes a box out of the flow (position, z-index, transform), moves, or writes text (content).
_NAMES = """
    background background-color border border-bottom border-bottom-color border-bottom-style
    border-bottom-width border-collapse border-color border-left border-left-color border-left-style
    border-left-width border-radius border-right border-right-color border-right-style
    border-right-width border-spacing border-style border-top border-top-color border-top-style
    border-top-width border-width box-sizing caption-side clear color direction display empty-cells
    float font font-family font-size font-style font-variant font-weight height letter-spacing
    line-height list-style list-style-position list-style-type margin margin-bottom margin-left
    margin-right margin-top max-height max-width min-height min-width overflow overflow-wrap padding
    padding-bottom padding-left padding-right padding-top table-layout text-align text-decoration
    text-decoration-color text-decoration-line text-decoration-style text-indent text-transform
    unicode-bidi vertical-align visibility white-space width word-break word-spacing word-wrap
"""
_PROPERTIES = frozenset(_NAMES.split())
_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "calc"})
_VALUE_TYPES = frozenset({"dimension", "percentage", "number", "integer", "ident", "hash", "whitespace"})
# Without quotes, brackets, escapes and comments, CSS is split by ; and : alone.
_SIMPLE = re.compile(r"[\w #%.,:;+-]*", re.ASCII)
_BARE_COLOUR = re.compile(r"#[0-9a-f]{3,8}|rgba?\([\d\s.,%/]+\)", re.IGNORECASE)
_MAX_LENGTH = 4_000
# The cost and the result of inlining are at most rules times elements; a mail beyond that looks plain.
_MAX_INLINING = 50_000_000
# Its tree is walked by recursion: 2,000 nested elements overflow a small stack and end the process.
_MAX_TAGS = 500
_STYLE_TAG = re.compile(r"<(/?)style\b", re.IGNORECASE)

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


@lru_cache(maxsize=8_192)
def clean_style(style: str) -> str:
    """Return the harmless declarations of a style attribute: nothing that fetches, overlays or escapes.

    `!important` goes too, so that the frame's own limits (images no wider than the frame) win.
    """
    if len(style) > _MAX_LENGTH:
        return ""
    declarations = _simple(style) if _SIMPLE.fullmatch(style) else _parsed(style)
    return ";".join(f"{name}:{value}" for name, value in declarations if value)


def _simple(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        if name in _PROPERTIES and ":" not in value:
            yield name, value.strip()


def _parsed(style: str) -> Iterator[tuple[str, str]]:
    for node in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if isinstance(node, Declaration) and node.lower_name in _PROPERTIES:
            yield node.lower_name, _value(node)


def _value(declaration: Declaration) -> str:
    value = str(tinycss2.serialize(declaration.value)).strip()
    if "\\" not in value and all(_harmless(token) for token in declaration.value):
        return value
    # `background: #eee url(...)` is common: keep what can be shown of it, its colour.
    colour = _BARE_COLOUR.search(value) if declaration.lower_name == "background" else None
    return colour.group() if colour else ""


def _harmless(token: Node) -> bool:
    if token.type == "function":
        return token.lower_name in _FUNCTIONS and all(_harmless(argument) for argument in token.arguments)
    if token.type == "literal":
        return token.value in ",/+-*"
    if token.type == "string":
        return not set(token.value) & set("()<>\\\n")
    return token.type in _VALUE_TYPES


def inline_styles(html: str) -> str:
    """Return the document with the rules of its <style> elements as style attributes; nothing is fetched.

    The sanitiser drops <style>, and with it the look of Outlook's mail and of newsletters.
    """
    rules, tags = _length_of_sheets(html), html.count("<")
    if not rules or tags > _MAX_TAGS or rules * tags > _MAX_INLINING:
        return html
    try:
        return str(_inliner.inline(html))
    except css_inline.InlineError:
        return html


def _length_of_sheets(html: str) -> int:
    """Return the characters between <style and the next </style (or the end), in one pass."""
    length, opened = 0, -1
    for tag in _STYLE_TAG.finditer(html):
        if tag.group(1) and opened >= 0:
            length, opened = length + tag.start() - opened, -1
        elif not tag.group(1) and opened < 0:
            opened = tag.start()
    return length + (len(html) - opened if opened >= 0 else 0)
