"""What of a mail's CSS may reach a browser: an allow-list of properties and of the tokens in their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import css_inline
import tinycss2
from tinycss2.ast import Declaration, Node

# Nothing that takes a box out of the flow (position, z-index, transform), moves, or writes text (content).
_PROPERTIES = frozenset(
    ["background", "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style", "border-bottom-width", "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style", "border-left-width", "border-radius", "border-right", "border-right-color", "border-right-style", "border-right-width", "border-spacing", "border-style", "border-top", "border-top-color", "border-top-style", "border-top-width", "border-width", "box-sizing", "caption-side", "clear", "color", "direction", "display", "empty-cells", "float", "font", "font-family", "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style", "list-style-position", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width", "min-height", "min-width", "overflow", "overflow-wrap", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "table-layout", "text-align", "text-decoration", "text-decoration-color", "text-decoration-line", "text-decoration-style", "text-indent", "text-transform", "unicode-bidi", "vertical-align", "visibility", "white-space", "width", "word-break", "word-spacing", "word-wrap"]
)
_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "calc"})
_VALUE_TYPES = frozenset(
    {"dimension", "percentage", "number", "integer", "ident", "hash", "string", "literal", "whitespace"}
)
# Without quotes, brackets, escapes and comments, CSS is split by ; and : alone.
_SIMPLE = re.compile(r"[\w #%.,:;+-]*", re.ASCII)
_BARE_COLOUR = re.compile(r"#[0-9a-f]{3,8}|rgba?\([\d\s.,%/]+\)", re.IGNORECASE)
_MAX_LENGTH = 4_000
# The cost of inlining is rules times elements; beyond these a mail keeps its own plain look.
_MAX_SHEET = 100_000
_MAX_INLINED = 1_000_000
_STYLE_ELEMENT = re.compile(r"<style\b[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)

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
    if token.type == "string":
        return not set(token.value) & set("()<>\\\n")
    return token.type in _VALUE_TYPES


def inline_styles(html: str) -> str:
    """Return the document with the rules of its <style> elements as style attributes; nothing is fetched.

    The sanitiser drops <style>, and with it the look of Outlook's mail and of newsletters.
    """
    if "<style" not in html[:_MAX_INLINED].lower() or len(html) > _MAX_INLINED:
        return html
    if sum(len(sheet) for sheet in _STYLE_ELEMENT.findall(html)) > _MAX_SHEET:
        return html
    try:
        return str(_inliner.inline(html))
    except css_inline.InlineError:
        return html
