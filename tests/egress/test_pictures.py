"""Pictures of others are fetched within limits: of places, and of patience with those that do not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from emailhub.egress import pictures
from emailhub.egress.pictures import NoPictureError, TooManyPicturesError, fetch_picture


@pytest.fixture
def silent(settings: LazySettings) -> Iterator[socket.socket]:
    """Takes connections, and never says a word."""
    settings.EGRESS_ALLOWED = ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def visitors(server: socket.socket) -> int:
    number = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return number
        number += 1


def test_who_did_not_answer_is_not_asked_for_the_next_picture(
    silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_SECONDS", 0.2)
    for number in range(3):
        with pytest.raises(NoPictureError):
            fetch_picture(f"http://127.0.0.1:{silent.getsockname()[1]}/{number}.png")
    assert visitors(silent) == 1


def test_only_so_many_are_fetched_at_once(silent: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_PATIENCE", 0)
    while pictures._places.acquire(blocking=False):
        pass
    try:
        with pytest.raises(TooManyPicturesError):
            fetch_picture(f"http://127.0.0.1:{silent.getsockname()[1]}/1.png")
    finally:
        pictures._places.release(8)
    assert visitors(silent) == 0


@pytest.mark.parametrize(
    "address", ["http://[::1", "http:///x.png", "ftp://127.0.0.1/x.png", "http://a b/", "//x"]
)
def test_what_is_no_address_has_no_picture(address: str) -> None:
    with pytest.raises(NoPictureError):
        fetch_picture(address)
