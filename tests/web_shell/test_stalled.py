"""Clients that do not read, do not send and do not go on: nobody else waits for them, and they end."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from django.conf import LazySettings

from emailhub.accounts.tenancy import company
from emailhub.web.shell import application, connection, spool
from tests.cast import Cast
from tests.web import desk
from tests.web_shell.conftest import Cookie, Server, read_all, read_head

LARGE = 8_000_000  # more than the sockets of both sides hold


@pytest.fixture
def attachment(committed_cast: Cast) -> str:
    """The address of a large file on a ticket of Service."""
    with company(committed_cast.dealer.id):
        ticket = desk.open_ticket(committed_cast.service, committed_cast.carla)
        file = desk.attach(desk.receive(ticket), "scan.bin", bytes(LARGE), "application/octet-stream")
    return f"/attachments/{file.public_id}/"


def upload(server: Server, cookie: str, *, length: int = 1000) -> object:
    """An upload that stops in the middle of its body."""
    headers = ("Content-Type: multipart/form-data; boundary=b", f"Content-Length: {length}")
    return server.ask("POST", "/uploads/", cookie, *headers, body=b"--b\r\n")


def test_a_page_answers_promptly_beside_twenty_stalled_downloads_and_uploads(
    server: Server, cookie: Cookie, committed_cast: Cast, attachment: str
) -> None:
    ana = cookie(committed_cast.ana)
    downloads = [server.ask("GET", attachment, ana) for _ in range(20)]
    uploads = [upload(server, ana) for _ in range(20)]
    for download in downloads:
        assert " 200 OK" in read_head(download)
    began = time.monotonic()
    page = server.ask("GET", "/tickets/1/", ana)
    assert " 200 OK" in read_head(page)
    assert time.monotonic() - began < 5  # 0.1 s on an idle machine; a thread would be free after 60 s
    assert len(uploads) == 20


def test_a_download_that_nobody_takes_is_cut_off(
    server: Server,
    cookie: Cookie,
    committed_cast: Cast,
    attachment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application, "SEND_IDLE", 0.5)
    download = server.ask("GET", attachment, cookie(committed_cast.ana))
    read_head(download)
    time.sleep(2)  # the client's own silence
    assert len(read_all(download)) < LARGE  # what lay in the sockets, and the end


def test_a_slow_download_comes_whole(
    server: Server,
    cookie: Cookie,
    committed_cast: Cast,
    attachment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The kernel takes megabytes at once and then nothing for seconds, while the client goes on reading."""
    monkeypatch.setattr(application, "SEND_IDLE", 1.5)
    download = server.ask("GET", attachment, cookie(committed_cast.ana), "Connection: close")
    read_head(download)
    size = 0
    began = time.monotonic()
    while received := download.recv(200_000):
        size += len(received)
        time.sleep(0.006)
    assert size == LARGE
    assert time.monotonic() - began > 1.5  # longer than a client may take nothing at all


def test_an_upload_that_stands_still_is_told_so(
    server: Server, cookie: Cookie, committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "RECEIVE_IDLE", 0.5)
    answer = read_all(upload(server, cookie(committed_cast.ana)))
    assert answer.startswith(b"HTTP/1.1 408")
    assert answer.endswith(b"The upload stood still for too long.")


def test_megabytes_of_a_stranger_are_refused_before_they_are_read(server: Server) -> None:
    answer = read_all(upload(server, "emailhub_session=guessed", length=5_000_000))
    assert answer.startswith(b"HTTP/1.1 403")
    assert answer.endswith(b"Sign in first.")


def test_megabytes_of_a_stranger_that_were_not_announced_are_not_kept(server: Server) -> None:
    client = server.ask("POST", "/uploads/", "", "Transfer-Encoding: chunked", "Connection: close")
    chunk = b"8000\r\n" + bytes(0x8000) + b"\r\n"
    try:
        for _ in range(100):
            client.sendall(chunk)
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused, and not read to its end
    else:
        assert read_head(client).startswith("HTTP/1.1 403")


def test_whoever_is_signed_in_uploads_in_pieces(server: Server, cookie: Cookie, committed_cast: Cast) -> None:
    """Taken whole: what Django says to it is not the shell's refusal."""
    ana = cookie(committed_cast.ana)
    client = server.ask("POST", "/uploads/", ana, "Transfer-Encoding: chunked", "Connection: close")
    client.sendall((b"8000\r\n" + bytes(0x8000) + b"\r\n") * 10 + b"0\r\n\r\n")
    assert b"Sign in first." not in read_all(client)


def test_an_upload_larger_than_any_of_ours_is_refused_before_it_is_read(
    server: Server, settings: LazySettings
) -> None:
    settings.MAX_LINKED_FILE_SIZE = settings.MAX_MESSAGE_SIZE = 0
    answer = read_all(upload(server, "", length=30_000_000))
    assert answer.startswith(b"HTTP/1.1 413")


def test_an_upload_that_grows_too_large_without_saying_so_is_refused(
    server: Server, cookie: Cookie, committed_cast: Cast, settings: LazySettings
) -> None:
    settings.MAX_LINKED_FILE_SIZE = settings.MAX_MESSAGE_SIZE = 0
    ana = cookie(committed_cast.ana)
    client = server.ask("POST", "/uploads/", ana, "Transfer-Encoding: chunked", "Connection: close")
    chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    try:
        for _ in range(28):
            client.sendall(chunk)
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused, and not read to its end
    else:
        assert read_head(client).startswith("HTTP/1.1 413")


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: loc"])
def test_who_does_not_finish_asking_is_hung_up_on(
    server: Server, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.5)
    client = server.connect()
    client.sendall(said)
    assert read_all(client) == b""


@pytest.mark.parametrize(
    "before", [b"", b"Transfer-Encoding: chunked\r\n\r\n0\r\n"], ids=["headers", "trailers"]
)
def test_who_does_not_end_asking_is_hung_up_on(server: Server, before: bytes) -> None:
    client = server.connect()
    client.sendall(b"POST /language/ HTTP/1.1\r\nHost: localhost\r\n" + before)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        for number in range(400):
            client.sendall(b"X-%d: %s\r\n" % (number, b"a" * 60_000))


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Content-Length: 4\r\nContent-Length: 60\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n",
    ],
)
def test_a_request_of_two_lengths_hides_no_second_one(server: Server, lengths: bytes) -> None:
    """W10: what a proxy takes for the body of one is not answered as another."""
    client = server.connect()
    hidden = b"0\r\n\r\nGET /account/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    client.sendall(b"POST /language/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + lengths + hidden)
    client.shutdown(socket.SHUT_WR)
    answer = read_all(client)
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b'name="login"' not in answer


def test_a_kept_connection_may_ask_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN", 1.5)
    client = server.connect()
    for _ in range(3):
        client.sendall(b"GET /account/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = read_head(client)
        assert " 200 OK" in head
        left = int(next(line[15:] for line in head.lower().splitlines() if line.startswith("content-length")))
        while left:
            left -= len(client.recv(left))
        time.sleep(0.7)


def test_a_file_is_named_to_the_shell_and_to_nobody_else(
    server: Server, cookie: Cookie, committed_cast: Cast, attachment: str
) -> None:
    ana = cookie(committed_cast.ana)
    head = read_head(server.ask("HEAD", attachment, ana)).lower()
    assert "x-emailhub-file" not in head
    assert f"content-length: {LARGE}\r\n" in head
    answer = read_all(server.ask("GET", attachment, ana, "Connection: close"))
    assert answer.endswith(b"\r\n\r\n" + bytes(LARGE))


def test_a_client_cannot_name_a_file_itself(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    answer = read_all(
        server.ask("GET", "/account/login/", "", f"X-EmailHub-File: {secret}", "Connection: close")
    )
    assert b"the secret" not in answer
