"""Pictures that a mail shows from elsewhere, fetched in the reader's place.

Who is asked learns that somebody looks, and nothing of who: neither the reader's address nor browser, no
cookie, no page that led there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import BoundedSemaphore
from urllib.parse import urlsplit

import httpx

from emailhub.mail.pictures import raster_type

from .http import client

_SECONDS = 8.0  # with all redirects
_ACCEPTED = "image/png, image/jpeg, image/gif, image/webp"
# A reader's request waits for each: slow servers must not keep all threads of the web busy.
_places = BoundedSemaphore(8)
_PATIENCE = 3.0
_REST = 60.0
_MOST_SILENT = 1_000
_silent: dict[
    str, float
] = {}  # hosts that gave no answer, and until when they are not asked for the next one


class NoPictureError(Exception):
    """There is none to be had: no answer, too much of it, or something that is no picture of pixels."""


class TooManyPicturesError(NoPictureError):
    """Too many are being fetched just now: another time."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Its bytes, and what they are by themselves: what the server says of them is not believed."""

    content: bytes
    content_type: str


def fetch_picture(address: str) -> Picture:
    """The picture at an address of the internet. Raises NoPictureError."""
    if not _places.acquire(timeout=_PATIENCE):
        raise TooManyPicturesError
    try:
        return _fetched(address)
    finally:
        _places.release()


def _fetched(address: str) -> Picture:
    answer = _answer(address)
    content_type = raster_type(answer.content[:16]) if answer.is_success else ""
    if not content_type:
        raise NoPictureError(answer.status_code)
    return Picture(answer.content, content_type)


def _answer(address: str) -> httpx.Response:
    try:
        host = urlsplit(address).netloc.lower()
        if _silent.get(host, 0.0) > time.monotonic():
            raise NoPictureError("no answer a moment ago")
        with client(
            seconds=_SECONDS, in_all=True, follow_redirects=True, headers={"Accept": _ACCEPTED}
        ) as http:
            return http.get(address)
    except httpx.TimeoutException as error:
        _let_rest(host)
        raise NoPictureError(type(error).__name__) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NoPictureError(type(error).__name__) from error


def _let_rest(host: str) -> None:
    """A mail may show a hundred pictures of a host that is gone: one of them waits for it."""
    if len(_silent) >= _MOST_SILENT:
        _silent.clear()
    _silent[host] = time.monotonic() + _REST
