"""What the listener answers: who may come in, which recipients are ours, and when a mail is safe."""

# ruff: noqa: N802  (the names by which aiosmtpd finds its commands and hooks)
from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import psycopg
from aiosmtpd.smtp import TLSSetupException
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from emailhub.hub.addresses import Route
from emailhub.intake.accept import accept, route_for

from . import forwarded, paths, trace
from .limits import Limits
from .session import Session, Transaction

CHANNEL = "smtp"
_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)
# An operator sees to these, or a client; nobody repairs the code.
_EXPECTED = (OSError, OperationalError, InterfaceError, TLSSetupException)
_PAUSE = 0.5  # seconds
_thread = threading.local()
log = logging.getLogger(__name__)
T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Reception:
    """The handler behind every session. The loop never waits: what can block runs in threads."""

    def __init__(
        self, limits: Limits, threads: ThreadPoolExecutor, trusted_peers: Sequence[Network] = ()
    ) -> None:
        self.limits = limits
        self._trusted_peers = trusted_peers
        self.sessions: set[Session] = set()
        self._threads = threads
        self._by_address: Counter[str] = Counter()
        self._buffered = 0

    # Limits

    def admit(self, session: Session, address: str) -> str:
        """Count a connection; or return the reply with which it is turned away."""
        if len(self.sessions) >= self.limits.connections:
            return "421 4.3.2 Too many connections, try again later"
        if self._by_address[address] >= self.limits.connections_per_address:
            return "421 4.7.0 Too many connections from your address"
        self.sessions.add(session)
        self._by_address[address] += 1
        return ""

    def leave(self, session: Session, address: str) -> None:
        self.sessions.discard(session)
        self._by_address -= Counter({address: 1})

    def trusts(self, address: str) -> bool:
        """Whether a server at this address may say whose mail it hands on."""
        peer = ipaddress.ip_address(address.partition("%")[0])
        return any(peer in network for network in self._trusted_peers)

    def count(self, size: int) -> int:
        """Count bytes of unfinished mails, or count them off. Returns `size`."""
        self._buffered += size
        return size

    def refuse_size(self, size: int) -> str:
        """The reply to a mail of this size, "" while it may go on."""
        if size > settings.MAX_MESSAGE_SIZE:
            return f"552 5.3.4 The mail is larger than {settings.MAX_MESSAGE_SIZE} bytes"
        if self._buffered > self.limits.buffered:
            return "452 4.3.1 Too much mail at once, try again later"
        return ""

    # Commands

    async def handle_EHLO(
        self, server: Session, session: object, envelope: Transaction, hostname: str, responses: list[str]
    ) -> list[str]:
        server.session.host_name = hostname
        offered = [r for r in responses if not r.startswith(("250-AUTH", "250 HELP"))]
        if server.is_trusted:
            offered += [f"250-{verb} {forwarded.ATTRIBUTES}" for verb in ("XCLIENT", "XFORWARD")]
        return [*offered, "250-PIPELINING", f"250 SIZE {settings.MAX_MESSAGE_SIZE}"]

    async def handle_MAIL(
        self, server: Session, session: object, envelope: Transaction, address: str, options: list[str]
    ) -> str:
        size = next((option[5:] for option in options if option.startswith("SIZE=")), "0")
        if refusal := self.refuse_size(int(size)):
            return refusal
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(
        self, server: Session, session: object, envelope: Transaction, address: str, options: list[str]
    ) -> str:
        if len(envelope.routes) >= self.limits.recipients:
            return "452 4.5.3 Too many recipients"
        recipient = paths.recipient(address, settings.MAIL_DOMAIN)
        route = await self._in_thread(lambda: route_for(recipient)) if recipient else None
        if route is None:
            return "550 5.1.1 Nobody here has that address"
        envelope.routes.append(route)
        return "250 2.1.5 Ok"

    async def handle_exception(self, error: Exception) -> str:
        """Never a permanent refusal for a fault of ours: the customer's mail would bounce."""
        if isinstance(error, _EXPECTED):
            log.warning("a command could not be answered: %s", error)
        else:
            log.error("a session failed", exc_info=error)
        return _reply_to(error)

    # Mail

    async def file(self, server: Session, content: bytes) -> str:
        """Hand a mail to intake. "250" is said only when it has been stored and committed."""
        if trace.hops(content) > self.limits.hops:
            return "554 5.4.6 Too many hops: this mail goes round in circles"
        envelope = server.envelope
        id = secrets.token_hex(8)  # what the sender's log and our Received line share; it counts nothing
        stamped = _trace_line(server, envelope.routes, id) + content
        try:
            await self._in_thread(
                lambda: accept(
                    channel=CHANNEL, content=stamped, mail_from=envelope.reverse_path, routes=envelope.routes
                )
            )
        except _EXPECTED as error:
            log.warning("a mail could not be stored: %s", error)
            return _reply_to(error)
        return f"250 2.0.0 Ok {id}"

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _with_connection, work)


def _with_connection(work: Callable[[], T]) -> T:
    """Do work on this thread's connection, a new one where the old one is dead.

    Whether it is dead is asked only after a pause: a busy thread would ask for each command.
    """
    if time.monotonic() - getattr(_thread, "worked_at", 0) > _PAUSE:
        close_old_connections()
    try:
        return work()
    except (InterfaceError, OperationalError):
        connection.close()
        raise
    finally:
        _thread.worked_at = time.monotonic()


def _reply_to(error: Exception) -> str:
    full_disk = isinstance(error.__cause__, psycopg.errors.DiskFull) or (
        isinstance(error, OSError) and error.errno in _DISK_IS_FULL
    )
    if full_disk:
        return "452 4.3.1 No room left, try again later"
    return "451 4.3.0 A fault of ours, try again later"


def _trace_line(server: Session, routes: list[Route], id: str) -> bytes:
    extended = server.session.extended_smtp
    return trace.received(
        helo=server.helo_name,
        peer=server.peer_address,
        server=server.server_address if server.peer_address != server.server_address else "",
        by=settings.MAIL_DOMAIN,
        protocol=_protocol(server.protocol, extended=extended, tls=bool(server.session.ssl)),
        id=id,
        recipients=list(dict.fromkeys(route.address for route in routes)),
        at=timezone.now(),
    )


def _protocol(name: str, *, extended: bool, tls: bool) -> str:
    """The protocol of the trace line (RFC 3848)."""
    prefix = "E" if extended and name == "SMTP" else ""
    return f"{prefix}{name}{'S' if tls else ''}"
