"""A relay that does what a test tells it to, and remembers each mail that it has answered for."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from dataclasses import dataclass, field

DROP = "drop"  # hang up instead of a reply
SILENCE = "silence"  # say nothing more and keep the connection


@dataclass(frozen=True)
class Sunk:
    """A mail that was answered with 250."""

    mail_from: str  # with parameters
    rcpt_to: tuple[str, ...]
    content: bytes  # as on the wire: dots doubled


@dataclass
class Sink:
    """`replies` overrides by the beginning of a command; "GREETING" and "." stand for those two moments."""

    replies: dict[str, str | list[str]] = field(default_factory=dict)
    offers: tuple[str, ...] = ("8BITMIME", "SIZE 41943040")
    tls: ssl.SSLContext | None = None
    mails: list[Sunk] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    drop_in_mail_after: int | None = None  # bytes

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def rcpt_to(self) -> list[str]:
        return [recipient for mail in self.mails for recipient in mail.rcpt_to]

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=_Conversation(self, connection).run, daemon=True).start()

    def reply(self, command: str) -> str | None:
        for beginning in sorted(self.replies, key=len, reverse=True):
            if command.upper().startswith(beginning.upper()):
                reply = self.replies[beginning]
                if isinstance(reply, str):
                    return reply
                return reply.pop(0) if reply else None
        return None


class _HangupError(Exception):
    pass


class _Conversation:
    def __init__(self, sink: Sink, connection: socket.socket) -> None:
        self.sink, self.socket = sink, connection
        self.unread = b""
        self.mail_from, self.rcpt_to = "", list[str]()

    def run(self) -> None:
        with self.socket:
            try:
                self.say("GREETING", "220 sink.example ESMTP")
                while True:
                    self.command(self.until(b"\r\n").decode())
            except (_HangupError, OSError):
                return

    def until(self, end: bytes) -> bytes:
        while end not in self.unread:
            received = self.socket.recv(65536)
            if not received:
                raise _HangupError
            self.unread += received
            limit = self.sink.drop_in_mail_after
            if end == b"\r\n.\r\n" and limit is not None and len(self.unread) > limit:
                raise _HangupError
        taken, _, self.unread = self.unread.partition(end)
        return taken

    def say(self, moment: str, usual: str) -> bool:
        """Answer. Returns whether with success."""
        return self.utter(self.sink.reply(moment) or usual)

    def utter(self, reply: str) -> bool:
        if reply == DROP:
            raise _HangupError
        while reply == SILENCE:
            time.sleep(0.05)
            if self.socket.recv(1, socket.MSG_PEEK) == b"":
                raise _HangupError
        self.socket.sendall(reply.encode() + b"\r\n")
        return reply[:1] in "23"

    def command(self, line: str) -> None:
        self.sink.commands.append(line)
        verb = line[:4].upper()
        if verb == "EHLO":
            self.say(line, "".join(f"250-{offer}\r\n" for offer in self.offers()) + "250 HELP")
        elif verb == "STAR":
            self.say(line, "220 go")
            assert self.sink.tls
            self.socket = self.sink.tls.wrap_socket(self.socket, server_side=True)
        elif verb == "MAIL":
            self.mail_from, self.rcpt_to = line[10:], []
            self.say(line, "250 ok")
        elif verb == "RCPT":
            if self.say(line, "250 ok"):
                self.rcpt_to.append(line[9:-1])
        elif verb == "DATA":
            if self.say(line, "354 go on"):
                self.content()
        elif verb == "QUIT":
            self.say(line, "221 bye")
            raise _HangupError
        else:
            self.say(line, "250 ok")

    def offers(self) -> list[str]:
        is_plain = not isinstance(self.socket, ssl.SSLSocket)
        return ["sink.example", *self.sink.offers, *(["STARTTLS"] if self.sink.tls and is_plain else [])]

    def content(self) -> None:
        self.unread = b"\r\n" + self.unread
        content = self.until(b"\r\n.\r\n")[2:] + b"\r\n"
        reply = self.sink.reply(".") or "250 2.0.0 kept"
        if reply[0] not in "45":  # kept also where the sender never hears of it
            self.sink.mails.append(Sunk(self.mail_from, tuple(self.rcpt_to), content))
        self.utter(reply)
