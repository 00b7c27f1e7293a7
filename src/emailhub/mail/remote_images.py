"""Which images of a mail lie elsewhere, and which of them are there only to tell that it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from emailhub.mail.sanitise import bare_address

# No two runs of spaces side by side in any of these: a mail of 20 kB could hold a process for a minute.
_IMAGE = re.compile(r"<img\b[^>]{0,2000}", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?<![\w-])src\s*=\s*(?:\"([^\"]*)|'([^']*)|([^\s\"'>][^\s>]*))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&#?\w{1,32};")
_REMOTE = re.compile(r"(?:https?:)?//[^/]", re.IGNORECASE)
# As an attribute or in its style.
_NARROW = re.compile(r"(?<![\w-])width\s*[=:][\"'\s]*[01](?:px)?(?![\w.%])", re.IGNORECASE)
_FLAT = re.compile(r"(?<![\w-])height\s*[=:][\"'\s]*[01](?:px)?(?![\w.%])", re.IGNORECASE)
_HIDDEN = re.compile(r"(?<![\w-])display\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RemoteImages:
    """Their addresses in the order of the mail, an address as often as it stands there."""

    pictures: tuple[str, ...] = ()
    pixels: tuple[str, ...] = ()  # nobody can see them


def remote_images(html: str) -> RemoteImages:
    """The images of a mail that would be fetched from elsewhere, and so tell its sender that it was read."""
    pictures, pixels = list[str](), list[str]()
    for tag in _IMAGE.findall(html):
        if address := _address(tag):
            (pixels if _is_pixel(tag) else pictures).append(address)
    return RemoteImages(tuple(pictures), tuple(pixels))


def _address(tag: str) -> str:
    found = _SOURCE.search(tag)
    source = bare_address(_decoded("".join(found.groups("")))) if found else ""
    if not _REMOTE.match(source):
        return ""
    return f"https:{source}" if source.startswith("//") else source


def _decoded(value: str) -> str:
    """In an attribute `&copy=1` is no reference, and many addresses have such."""
    return _REFERENCE.sub(lambda found: unescape(found.group()), value)


def _is_pixel(tag: str) -> bool:
    return bool((_NARROW.search(tag) and _FLAT.search(tag)) or _HIDDEN.search(tag))
