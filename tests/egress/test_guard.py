"""Where others may send us: nowhere but to public addresses, however they write it (threats.md G1, G2)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from django.conf import LazySettings

from emailhub.egress import guard
from emailhub.egress.http import ResponseTooLargeError, client, is_askable

# Ways to write a machine of one's own, or one that nobody outside should reach.
DISGUISES = """
127.0.0.1 127.1 127.0.1 127.255.255.254 0.0.0.0 0 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 017700000001
0177.0.0.1 0177.1 127.000.000.001 localhost LOCALHOST localhost. ip6-localhost [::1] [::] [0:0:0:0:0:0:0:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [::127.0.0.1] [::ffff:10.0.0.1]
[64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [2002:7f00:1::] [2002:a00:1::] [2001:0:0:0:0:0:80ff:fffe]
10.0.0.1 10.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 169.254.169.254 0xa9fea9fe
2852039166 169.254.1.1 100.64.0.1 100.127.255.254 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 [fe80::1] [fec0::1] [fc00::1] [fd12:3456::1] [ff02::1]
[2001:db8::1] [100::1] 127。0。0。1 ①②⑦.0.0.1
""".split()  # noqa: SIM905 (a list of sixty would fill the page)
PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e")

names: dict[str, list[str]] = {}  # what a name means, the first time it is asked for, the second ...


class Canary(BaseHTTPRequestHandler):
    """On loopback. Whoever comes here was sent where nobody may be sent."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.visitors.append(self.path)
        self.send_response(302 if self.path == "/away" else 200)
        if self.path == "/away":
            self.send_header("Location", f"http://localhost:{server.server_address[1]}/inside")
        if self.path == "/packed":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(b"x" * (2000 if self.path == "/long" else 2))

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def canary() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    server.visitors = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_no_way_of_writing_an_address_of_ours_reaches_it() -> None:
    assert len(DISGUISES) >= 60
    with canary() as server, client() as http:
        for host in DISGUISES:
            with pytest.raises((httpx.ConnectError, httpx.UnsupportedProtocol)):
                http.get(f"http://{host}:{server.server_address[1]}/")
        assert server.visitors == []


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_left_as_it_is(host: str) -> None:
    assert guard.public_address(host, 443) == host


def test_a_redirect_is_looked_at_like_the_first_address(settings: LazySettings) -> None:
    settings.EGRESS_ALLOWED = ["shop.example"]  # the one name, and no address
    names["shop.example"] = ["127.0.0.1"]
    with canary() as server, client(follow_redirects=True) as http:
        with pytest.raises(httpx.ConnectError):
            http.get(f"http://shop.example:{server.server_address[1]}/away")
        assert server.visitors == ["/away"]


@pytest.fixture(autouse=True)
def our_own_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A resolver that answers differently each time it is asked, as an attacker's does."""
    ask = socket.getaddrinfo

    def answer(host: str, port: int, *rest: int, **kinds: int) -> list[Any]:
        answers = names.get(host)
        return ask(answers.pop(0) if answers else host, port, *rest, **kinds)  # type: ignore[arg-type]

    monkeypatch.setattr(guard.socket, "getaddrinfo", answer)
    yield
    names.clear()


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to() -> None:
    """A name that means a public address at the first look and ours at the second."""
    names["rebinding.example"] = ["192.0.2.1", "127.0.0.1"]
    with canary() as server, client(seconds=1) as http:
        with pytest.raises(httpx.ConnectError):
            http.get(f"http://rebinding.example:{server.server_address[1]}/")
        assert names["rebinding.example"] == ["127.0.0.1"]  # nobody looked again
        assert server.visitors == []


def test_what_is_closed_and_what_is_forbidden_are_told_alike() -> None:
    with canary() as server:
        port = server.server_address[1]
    said = set()
    for host in ("127.0.0.1", "10.0.0.1", "no-such-name.invalid"):
        with pytest.raises(guard.ForbiddenAddressError) as raised:
            guard.connect(host, port, 1.0)
        said.add(str(raised.value))
    assert said == {"no connection to this host"}


@pytest.mark.parametrize("word", ["127.0.0.1", "127.0.0.0/8", "mail.intern.example"])
def test_the_operator_may_allow_a_private_host(settings: LazySettings, word: str) -> None:
    settings.EGRESS_ALLOWED = [word]
    names["mail.intern.example"] = ["127.0.0.1"]
    with canary() as server:
        host = "mail.intern.example" if "mail" in word else "127.0.0.1"
        guard.connect(host, server.server_address[1], 5.0).close()


@pytest.mark.parametrize("path", ["/long", "/packed"])
def test_a_response_of_unknown_or_too_great_size_is_not_read(settings: LazySettings, path: str) -> None:
    settings.EGRESS_ALLOWED = ["127.0.0.1"]
    with canary() as server, client(max_bytes=1000) as http:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        assert http.get(f"{address}/short").content == b"xx"
        with pytest.raises(ResponseTooLargeError):
            http.get(f"{address}{path}")


def test_a_server_that_trickles_is_left_when_the_time_is_up(settings: LazySettings) -> None:
    """Each byte comes in time, and all of them never would."""
    settings.EGRESS_ALLOWED = ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as listener, client(seconds=0.4) as http:
        gone = threading.Event()
        thread = threading.Thread(target=trickle, args=(listener, gone))
        thread.start()
        with pytest.raises(httpx.TimeoutException):
            http.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        gone.set()
        thread.join()


def trickle(listener: socket.socket, gone: threading.Event) -> None:
    accepted, _ = listener.accept()
    with accepted, suppress(OSError):
        accepted.sendall(b"HTTP/1.1 200 OK\r\n")
        while not gone.wait(0.05):
            accepted.sendall(b"X-Slow: yes\r\n")


@pytest.mark.parametrize("address", ["https://[", "https://shop.example:99999/", "https://shop.example/\x01"])
def test_an_address_that_is_none_fails_as_any_other_one(address: str) -> None:
    assert is_askable("https://shop.example:8443/x") and not is_askable(address)
    with client() as http, pytest.raises(httpx.HTTPError):
        http.get(address)
