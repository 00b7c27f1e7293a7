"""One client of the listener, from greeting to QUIT (RFC 5321; LMTP: RFC 2033)."""

# ruff: noqa: N802  (the names by which aiosmtpd finds its commands and hooks)
from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Protocol, cast

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Client

from emailhub.hub.addresses import Route

from . import forwarded, limits
from .paths import NULL_PATH, split_path

_END = b"\r\n.\r\n"  # and nothing else ends a mail: a bare CR or LF is content
_OVERLAP = len(_END) - 1
_CHUNK = 1024 * 1024  # more than the reader can hold, so that a read empties it


class Transaction(Envelope):
    """The envelope of one mail, with where each accepted recipient leads."""

    def __init__(self) -> None:
        super().__init__()
        self.routes: list[Route] = []

    @property
    def reverse_path(self) -> str:
        path = self.mail_from or ""
        return "" if path == NULL_PATH else path


class House(Protocol):
    """What a session asks of those behind it (Reception)."""

    limits: limits.Limits

    def admit(self, session: Session, address: str) -> str: ...
    def leave(self, session: Session, address: str) -> None: ...
    def trusts(self, address: str) -> bool: ...
    def count(self, size: int) -> int: ...
    def refuse_size(self, size: int) -> str: ...
    async def file(self, server: Session, content: bytes) -> str: ...


class Session(SMTP):
    """SMTP as aiosmtpd speaks it, but with limits, long lines and replies of our own for DATA."""

    protocol = "SMTP"
    line_length_limit = limits.READER_LIMIT
    command_size_limit = limits.COMMAND_LINE
    session: Client
    envelope: Transaction

    def __init__(self, reception: House, **options: Any) -> None:
        super().__init__(
            reception,
            enable_SMTPUTF8=True,
            data_size_limit=None,  # announced and checked by Reception, with enhanced status codes
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            command_call_limit=limits.COMMANDS,
            timeout=reception.limits.idle,
            ident="ESMTP EmailHub",
            **options,
        )
        self.command_size_limits = defaultdict(lambda: limits.COMMAND_LINE)
        self.reception = reception
        self.receiving = False  # between the client's DATA and our reply to its mail
        self._address: str | None = None  # while we are counted as one of its connections
        self._spoken_for = forwarded.Client()  # by a trusted server, for the rest of the session
        self._forwarded: forwarded.Client | None = None  # ... and for the next mail only

    def __dir__(self) -> Iterable[str]:
        """The commands only: aiosmtpd looks at every attribute for them, anew for each connection."""
        return _COMMANDS[type(self)]

    @property
    def server_address(self) -> str:
        """Who is connected to us."""
        peer = self.session.peer
        return str(peer[0]) if isinstance(peer, tuple) else "127.0.0.1"

    @property
    def peer_address(self) -> str:
        """Whose mail it is: the client of a trusted server that tells, else who is connected."""
        return self._client.address or self.server_address

    @property
    def helo_name(self) -> str:
        return self._client.helo if self._client.address else self.session.host_name or ""

    @property
    def _client(self) -> forwarded.Client:
        return self._forwarded or self._spoken_for

    @property
    def is_trusted(self) -> bool:
        return self.reception.trusts(self.server_address)

    def _create_envelope(self) -> Transaction:
        return Transaction()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        return split_path(arg) or (None, None)

    # Connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._address is None and not self._admit(cast(asyncio.Transport, transport)):
            return
        super().connection_made(transport)

    def _admit(self, transport: asyncio.Transport) -> bool:
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if isinstance(peer, tuple) else ""
        if refusal := self.reception.admit(self, address):
            transport.set_protocol(asyncio.Protocol())  # no session begins
            transport.write(f"{refusal}\r\n".encode())
            transport.close()
            return False
        self._address = address
        return True

    def connection_lost(self, error: Exception | None) -> None:
        if self._address is not None:
            self.reception.leave(self, self._address)
            self._address = None
        super().connection_lost(error)

    def dismiss(self, reply: str) -> None:
        """Say why, and hang up."""
        if self.transport is not None:
            transport = cast(asyncio.Transport, self.transport)
            transport.write(f"{reply}\r\n".encode())
            transport.close()

    def _timeout_cb(self) -> None:
        self.dismiss("421 4.4.2 Nothing came for too long")

    # Commands

    async def smtp_VRFY(self, arg: str | None) -> None:
        await self.push("252 2.5.2 Try RCPT")  # RFC 5321 7.3

    async def smtp_XCLIENT(self, arg: str | None) -> None:
        """A trusted server speaks for its client; the session begins anew."""
        if client := await self._told(arg):
            self._spoken_for, self._forwarded = client, None
            self.session.host_name = None
            self.session.extended_smtp = False
            self.envelope = self._create_envelope()
            await self.push(f"220 {self.hostname} {self.__ident__}")

    async def smtp_XFORWARD(self, arg: str | None) -> None:
        """A trusted server says whose mail comes next."""
        if client := await self._told(arg):
            self._forwarded = client
            await self.push("250 2.0.0 Ok")

    async def _told(self, arg: str | None) -> forwarded.Client | None:
        """What a trusted server says of its client; None where it was refused."""
        if not self.is_trusted:
            await self.push("550 5.7.0 Not from you")
            return None
        if self.envelope.routes or self.envelope.mail_from is not None:
            await self.push("503 5.5.1 Not in the middle of a mail")
            return None
        client = self._client.updated(arg or "")
        if client is None:
            await self.push("501 5.5.4 Syntax: NAME=value")
        return client

    async def smtp_AUTH(self, arg: str | None) -> None:
        await self.push("502 5.5.1 Nobody logs in here")

    async def smtp_DATA(self, arg: str | None) -> None:
        if await self.check_helo_needed():
            return
        if not self.envelope.routes:
            await self.push("503 5.5.1 Need RCPT first")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        self.receiving = True
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._answer(await self._receive())
        finally:
            self.receiving = False
            self._forwarded = None
            self.envelope = self._create_envelope()

    async def _receive(self) -> str:
        """Read a mail and file it. Return the reply."""
        try:
            async with asyncio.timeout(self.reception.limits.data):
                incoming = await self._read()
        except TimeoutError:
            self.dismiss("421 4.4.2 The mail took too long")
            raise asyncio.CancelledError from None
        if isinstance(incoming, str):
            return incoming
        return await self.reception.file(self, incoming)

    async def _read(self) -> bytes | str:
        """Read to the end of the mail and undo dot-stuffing (RFC 5321 4.5.2); or say why it is refused."""
        # The line end of the DATA command is the first half of an empty mail's end.
        collected, searched, refusal, counted = bytearray(b"\r\n"), 0, "", 0
        try:
            while (end := collected.find(_END, searched)) < 0:
                if refusal:  # read on, and keep only what may be the beginning of the end
                    del collected[:-_OVERLAP]
                searched = max(0, len(collected) - _OVERLAP)
                chunk = await self._chunk()
                collected += chunk
                counted += self.reception.count(0 if refusal else len(chunk))
                refusal = refusal or self.reception.refuse_size(len(collected) - _CHUNK)
        finally:
            self.reception.count(-counted)
        self._reader.feed_data(bytes(collected[end + len(_END) :]))  # what the client sent ahead
        content = bytes(collected[: end + 2].replace(b"\r\n.", b"\r\n")[2:])
        return refusal or self.reception.refuse_size(len(content)) or content

    async def _chunk(self) -> bytes:
        self._reset_timeout()
        chunk = await self._reader.read(_CHUNK)
        if not chunk:
            raise ConnectionResetError
        return chunk

    async def _answer(self, reply: str) -> None:
        await self.push(reply)


class LmtpSession(Session):
    """LMTP: LHLO, and after the mail a reply for each recipient that was accepted (RFC 2033 4.2)."""

    protocol = "LMTP"

    async def smtp_LHLO(self, arg: str) -> None:
        await super().smtp_EHLO(arg)

    async def smtp_EHLO(self, arg: str) -> None:
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    async def smtp_HELO(self, arg: str) -> None:
        await self.smtp_EHLO(arg)

    async def _answer(self, reply: str) -> None:
        for _ in self.envelope.routes:
            await self.push(reply)


_COMMANDS = {
    kind: [name for name in dir(kind) if name.startswith("smtp_")] for kind in (Session, LmtpSession)
}
