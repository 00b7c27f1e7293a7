"""Received HTML as a tree, for reading it; what is shown goes through `sanitise` afterwards."""

from __future__ import annotations

import re

from lxml import etree

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
# Browsers show what follows these ends (a list's footer, the next text part); libxml2 leaves it out.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
# libxml2 reads these, also from "&#1;", but takes them in no text that is put into a tree.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
UNREAD = frozenset(("head", "math", "noscript", "script", "style", "svg", "template", "title", "xml"))


def parse_html(html: str) -> etree._Element | None:
    """Return the body of a document or fragment, or None where there is nothing in it or libxml2 gave up.

    libxml2 leaves out what lies deeper than about 2,000 elements, without an exception.
    """
    content = _ENDS.sub("", html.replace("\x00", "")).encode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = etree.fromstring(content, parser=parser)
    except etree.XMLSyntaxError:
        return None
    if root is None or any("depth" in error.message.lower() for error in parser.error_log):
        return None
    body = root.find("body")
    return root if body is None else body


def name(element: etree._Element) -> str:
    """Return the element's name (libxml2 writes it small) without a prefix; "" for a comment."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition(":")[2] if ":" in tag else tag


def writable(text: str) -> str:
    """Return a text as it may be put into a tree."""
    return _UNWRITABLE.sub("", text)


def depth(element: etree._Element) -> int:
    """Return how many elements stand inside each other at most."""
    deepest = level = 0
    for event, _ in etree.iterwalk(element, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest
