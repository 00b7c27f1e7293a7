"""The bytes of an IMAP connection, within limits: the server is a stranger's and may send what it likes.

imaplib reads a literal as large as the server says, and any number of lines. Here a command has an
allowance of bytes and of time, and the address that is connected to has been looked at.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
import time
from enum import StrEnum
from typing import Any

from imapclient import IMAPClient

from emailhub.egress import guard

CONNECT_SECONDS = 15.0
COMMAND_SECONDS = 60.0
COMMAND_BYTES = 1024 * 1024
_BLOCK = 64 * 1024


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"  # for a server on this machine or its network


class ImapWire(imaplib.IMAP4):
    """imaplib over a guarded connection, reading no more than allow() has said."""

    def __init__(self, host: str, port: int, security: Security) -> None:
        self._security = security
        self._read_from: socket.socket | None = None
        self._waiting = bytearray()
        self.allow()
        super().__init__(host, port, CONNECT_SECONDS)

    def allow(self, size: int = COMMAND_BYTES, seconds: float = COMMAND_SECONDS) -> None:
        """What the next commands may read together, and for how long."""
        self._bytes_left = size
        self._until = time.monotonic() + seconds

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        connected = guard.connect(self.host, self.port, timeout or CONNECT_SECONDS)
        if self._security is not Security.TLS:
            return connected
        try:
            return ssl.create_default_context().wrap_socket(connected, server_hostname=self.host)
        except BaseException:
            connected.close()
            raise

    def read(self, size: int) -> bytes:
        """A literal of this size."""
        if size > self._bytes_left:
            raise self.abort("the server sends more than was asked for")
        while len(self._buffer()) < size:
            if not self._receive():
                raise self.abort("the server hung up")
        return self._take(size)

    def readline(self) -> bytes:
        """A line with its end; b"" at the end of the connection."""
        while (end := self._buffer().find(b"\n")) < 0:
            if not self._receive():
                return b""
        return self._take(end + 1)

    @property
    def has_more(self) -> bool:
        """Whether something was received that nobody has read yet."""
        return bool(self._buffer())

    def _buffer(self) -> bytearray:
        """What waits. Nothing from before STARTTLS is taken for something from after it."""
        if self._read_from is not self.sock:
            self._read_from, self._waiting = self.sock, bytearray()
        return self._waiting

    def _take(self, size: int) -> bytes:
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

    def _receive(self) -> bool:
        left = self._until - time.monotonic()
        if left <= 0:
            raise self.abort("the server takes too long")
        self.sock.settimeout(left)
        received = self.sock.recv(_BLOCK)
        self._bytes_left -= len(received)
        if self._bytes_left < 0:
            raise self.abort("the server sends more than was asked for")
        self._waiting += received
        return bool(received)


class GuardedClient(IMAPClient):  # type: ignore[misc]
    """imapclient over an ImapWire."""

    def __init__(self, host: str, port: int, security: Security) -> None:
        self._security = security
        super().__init__(host, port, ssl=security is Security.TLS, timeout=COMMAND_SECONDS)
        self._imap.debug = 0  # no password reaches a log
        self.normalise_times = False
        if security is Security.STARTTLS:
            self.starttls(ssl.create_default_context())

    def _create_IMAP4(self) -> ImapWire:  # noqa: N802 - imapclient's hook
        return ImapWire(self.host, self.port, self._security)

    @property
    def wire(self) -> ImapWire:
        found: Any = self._imap
        assert isinstance(found, ImapWire)
        return found
