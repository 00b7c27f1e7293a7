"""Fetch the files of a message that came in, from the gateway that keeps them."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx

from emailhub.egress import http

from .account import Account

_SECONDS = 30.0
LARGEST = 20 * 1024 * 1024  # bytes of one file; a gateway takes 16 MB


class MediaError(Exception):
    """A file could not be fetched now. The message is tried again."""


def fetch_files(account: Account, urls: Sequence[str], *, is_last_try: bool) -> list[tuple[str, str, bytes]]:
    """(name, type, bytes) of each that is there. One that is gone is left out.

    Raises MediaError where the gateway does not answer; on the last try such a file is left out as well,
    since the words that came with it matter more.
    """
    found = []
    for number, url in enumerate(urls, start=1):
        try:
            if file := _fetch(account, url, number):
                found.append(file)
        except MediaError:
            if not is_last_try:
                raise
    return found


def _fetch(account: Account, url: str, number: int) -> tuple[str, str, bytes] | None:
    auth = (account.sid, account.token) if account.may_send_secret_to(url) else None
    try:
        with http.client(seconds=_SECONDS, max_bytes=LARGEST, follow_redirects=True) as client:
            response = client.get(url, auth=auth)
    except http.ResponseTooLargeError:
        return None
    except httpx.HTTPError as error:
        raise MediaError(f"{urlsplit(url).hostname}: {error}") from error
    if response.status_code >= 500 or response.status_code == 429:
        raise MediaError(f"{urlsplit(url).hostname} answered {response.status_code}")
    if response.status_code != 200:
        return None
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return _name(number, content_type), content_type or "application/octet-stream", response.content


def _name(number: int, content_type: str) -> str:
    """Gateways keep no names: its number and the ending of its type."""
    return f"{number}{mimetypes.guess_extension(content_type) or '.bin'}"
