"""The shell as it is served: uvicorn on a free port, real sockets, the cast committed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from django.test import Client

from emailhub.accounts.models import Advisor
from emailhub.web.shell import Connection
from tests.cast import Cast
from tests.cli.installation import wait_until

Cookie = Callable[[Advisor], str]


class Server:
    """A web server in a thread, on the settings of `emailhub web`."""

    def __init__(self) -> None:
        config = uvicorn.Config(
            "emailhub.asgi:application",
            port=0,
            http=Connection,
            ws="none",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=3,
        )
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._uvicorn.run, daemon=True)
        self._thread.start()
        wait_until(lambda: self._uvicorn.started)
        self.port: int = self._uvicorn.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._uvicorn.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    def connect(self, *, timeout: float = 30) -> socket.socket:
        """A client that takes as little ahead as it may."""
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(timeout)
        client.connect(("127.0.0.1", self.port))
        return client

    def ask(
        self, method: str, path: str, cookie: str = "", *headers: str, body: bytes = b""
    ) -> socket.socket:
        """Send a request, and leave it to the caller what to read."""
        client = self.connect()
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Cookie: {cookie}", *headers, "", ""]
        client.sendall("\r\n".join(lines).encode() + body)
        return client


@pytest.fixture
def server(committed_cast: Cast) -> Iterator[Server]:
    served = Server()
    yield served
    served.stop()


@pytest.fixture
def cookie(committed_cast: Cast) -> Cookie:
    """The Cookie header of a signed-in browser."""

    def of(advisor: Advisor) -> str:
        client = Client()
        client.force_login(advisor.user)
        return f"emailhub_session={client.cookies['emailhub_session'].value}"

    return of


def read_head(client: socket.socket) -> str:
    """The status line and headers of an answer, byte by byte, so that the body stays unread."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        assert byte, head
        head += byte
    return head.decode("latin-1")


def read_all(client: socket.socket) -> bytes:
    """All until the server hangs up."""
    content = b""
    while received := client.recv(1 << 20):
        content += received
    return content
