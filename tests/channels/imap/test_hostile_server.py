"""What a server may do to us that somebody else runs (threats.md G2, P11): nothing of note."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings

from emailhub.channels.imap.account import Account
from emailhub.channels.imap.mailbox import MailboxError, open_mailbox
from emailhub.channels.imap.wire import Security

GREETING = b"* OK [CAPABILITY IMAP4rev1] hello\r\n"
Serve = Callable[[bytes], int]


@pytest.fixture
def serve(settings: LazySettings) -> Iterator[Serve]:
    """A server that sends these bytes to whoever connects, whatever they say, and waits for their end."""
    settings.EGRESS_ALLOWED = ["127.0.0.1"]
    listening = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def answer(said: bytes) -> None:
        connected, _ = listening.accept()
        with connected:
            try:
                connected.sendall(said)
                while connected.recv(65536):
                    pass
            except OSError:
                return

    def start(said: bytes) -> int:
        threads.append(threading.Thread(target=answer, args=(said,)))
        threads[-1].start()
        port: int = listening.getsockname()[1]
        return port

    yield start
    for thread in threads:
        thread.join()
    listening.close()


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"* BYE\r\n",
        GREETING + b"* CAPABILITY {99999999999}\r\n",
        GREETING + b"* CAPABILITY " + b"A" * 2_000_000,
        GREETING + b"* LIST (((((((((((((((((((((((\r\n" * 80_000,
    ],
    ids=["ssh", "http", "bye", "literal", "line", "lines"],
)
def test_a_server_that_is_none_or_says_too_much_is_left_and_not_quoted(serve: Serve, said: bytes) -> None:
    account = Account("127.0.0.1", serve(said), Security.NONE, "desk", "desk@contoso.example")
    with pytest.raises(MailboxError) as caught:
        open_mailbox(account, "secret")
    assert caught.value.trouble.problem in ("unreachable", "odd_server")
    assert caught.value.trouble.detail == ""


@pytest.mark.parametrize("name", ["user", "folder", "secret"])
@pytest.mark.parametrize("injected", ["a\r\nb LOGOUT", "a\nb", "a\0b", ""])
def test_nothing_that_could_be_read_as_another_command_reaches_a_server(name: str, injected: str) -> None:
    given = {"user": "desk", "folder": "INBOX", "secret": "secret", name: injected}
    account = Account("127.0.0.1", 1, Security.NONE, given["user"], "desk@contoso.example", given["folder"])
    with pytest.raises(MailboxError) as caught:
        open_mailbox(account, given["secret"])
    assert caught.value.trouble.problem == "login"
