"""Links whose words name another place than the one that they lead to."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

_LINK = re.compile(
    r"""<a\b[^>]*?\bhref=["']([^"']{1,2000})["'][^>]*>(.{1,2000}?)</a>""", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<[^>]{0,2000}>")
_PLACE = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})(?:[/?#:]\S*)?", re.IGNORECASE)


def misleading_links(html: str) -> list[str]:
    """The words of each link that look like an address of another host than its own."""
    found = []
    for target, inner in _LINK.findall(html):
        words = unescape(_TAG.sub("", inner)).strip()
        shown = _PLACE.fullmatch(words)
        if shown and not _is_same(shown[1], _host(unescape(target))):
            found.append(words[:100])
    return found


def _host(target: str) -> str:
    try:
        return urlsplit(target).hostname or ""
    except ValueError:
        return ""


def _is_same(shown: str, host: str) -> bool:
    """Equal, or with and without www."""
    return not host or shown.lower().removeprefix("www.") == host.lower().removeprefix("www.")
