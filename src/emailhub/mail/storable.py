"""Strings that a database, a page and a log line can bear."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
# Unicode's control, bidirectional, zero-width and tag characters: nobody sees them, and with them
# a name or a file name looks like another one (U+202E turns "gpj.exe" round).
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"\s+")


def storable(text: str) -> str:
    """Return `text` without NUL and with U+FFFD for lone surrogates, which PostgreSQL refuses."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\x00", "")


def one_line(text: str, limit: int) -> str:
    """Return `text` storable, without invisible characters, on one line, of at most `limit` characters."""
    # Cut twice: before the work, so that it stays small, and after it.
    text = _SPACES.sub(" ", storable(text[: 4 * limit]))
    return _INVISIBLE.sub("", text).strip()[:limit].rstrip()
