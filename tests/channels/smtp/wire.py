"""A client that says exactly what a test wants said, and what the listener has taken in."""

from __future__ import annotations

import socket
import ssl
from types import TracebackType

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.intake.models import ReceivedMessage
from tests.cast import Cast

MAIL = b"From: Carla <carla@customer.example>\r\nSubject: Brakes\r\n\r\nThey squeak.\r\n"


class Wire:
    """One connection. A reply is its lines without their line ends, joined by a line feed."""

    def __init__(self, port: int, *, timeout: float = 10) -> None:
        self.socket: socket.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._unread = b""
        self.greeting = self.reply()

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def write(self, content: bytes) -> None:
        self.socket.sendall(content)

    def line(self) -> str:
        while b"\r\n" not in self._unread:
            received = self.socket.recv(65536)
            if not received:
                raise EOFError
            self._unread += received
        line, _, self._unread = self._unread.partition(b"\r\n")
        return line.decode()

    def reply(self) -> str:
        lines = [self.line()]
        while lines[-1][3:4] == "-":
            lines.append(self.line())
        return "\n".join(lines)

    def say(self, command: str) -> str:
        self.write(command.encode() + b"\r\n")
        return self.reply()

    def is_closed(self) -> bool:
        """Whether the other side hangs up, with nothing more to read."""
        try:
            return self._unread == b"" and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def encrypt(self, context: ssl.SSLContext) -> None:
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")

    def open_mail(self, *recipients: str, sender: str = "carla@customer.example", hello: str = "EHLO") -> str:
        """Greet, name the envelope and say DATA. Returns the last reply."""
        assert self.say(f"{hello} client.example").startswith("250")
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250")
        for recipient in recipients:
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250"), recipient
        return self.say("DATA")

    def send(self, *recipients: str, content: bytes = MAIL, sender: str = "carla@customer.example") -> str:
        """A whole mail, dots doubled. Returns the reply to it."""
        assert self.open_mail(*recipients, sender=sender).startswith("354")
        self.write((b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
        return self.reply()


def received(cast: Cast) -> list[ReceivedMessage]:
    """What the dealer's company has taken in, oldest first."""
    with company(cast.dealer.id):
        return list(ReceivedMessage.objects.order_by("id"))


def stored(row: ReceivedMessage) -> bytes:
    """The stored bytes without the trace line that the listener put before them."""
    return without_trace(store.get(row.company_id, row.content_key))


def without_trace(content: bytes) -> bytes:
    """A mail as it came, without the listener's line."""
    first = content.index(b"\r\n\t", content.index(b";")) + 3
    return content[content.index(b"\r\n", first) + 2 :]
