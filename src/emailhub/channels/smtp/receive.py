"""Listen for mail: SMTP for the world or for a mail server in front, LMTP for one beside us."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections

from emailhub import configuration

from .limits import Limits
from .reception import Network, Reception
from .session import LmtpSession, Session

T = TypeVar("T")
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's: each command, with its addresses


class Listener:
    """The ports on which mail comes in. None: not that one; 0: any free port."""

    def __init__(
        self,
        *,
        host: str,
        smtp_port: int | None,
        lmtp_port: int | None = None,
        tls: ssl.SSLContext | None = None,
        limits: Limits | None = None,
        trusted_peers: Sequence[Network] = (),
    ) -> None:
        self.host, self.smtp_port, self.lmtp_port = host, smtp_port, lmtp_port
        self._tls = tls
        self._limits = limits or Limits()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True)
        self._workers = ThreadPoolExecutor(self._limits.threads, thread_name_prefix="smtp-work")
        self._reception = Reception(self._limits, self._workers, trusted_peers)
        self._servers: list[asyncio.Server] = []

    @classmethod
    def from_settings(cls) -> Listener:
        """The listener that the environment asks for. Raises ConfigurationError."""
        return cls(
            host=configuration.read("EMAILHUB_SMTP_HOST"),
            smtp_port=configuration.read_number("EMAILHUB_SMTP_PORT") or None,
            lmtp_port=configuration.read_number("EMAILHUB_LMTP_PORT") or None,
            tls=_tls_context(),
            trusted_peers=settings.TRUSTED_PEERS,
        )

    def start(self) -> None:
        """Bind and serve in a thread. Returns when the ports are bound, raises OSError if they cannot be."""
        self._thread.start()
        try:
            if self.smtp_port is not None:
                self.smtp_port = self._run(self._bind(Session, self.smtp_port))
            if self.lmtp_port is not None:
                self.lmtp_port = self._run(self._bind(LmtpSession, self.lmtp_port))
        except OSError:
            self.stop(within=0)
            raise

    def stop(self, within: float = 5.0) -> None:
        """Take no more; let mails that are coming in end, but not longer than `within` seconds.

        Stopping what has been stopped does nothing.
        """
        if self._loop.is_closed():
            return
        self._run(self._drain(within))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        _close_connections(self._workers, self._limits.threads)
        self._workers.shutdown()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _bind(self, kind: type[Session], port: int) -> int:
        server = await self._loop.create_server(lambda: self._session(kind), self.host, port)
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    def _session(self, kind: type[Session]) -> Session:
        return kind(self._reception, loop=self._loop, tls_context=self._tls, hostname=settings.MAIL_DOMAIN)

    async def _drain(self, within: float) -> None:
        for server in self._servers:
            server.close()
        deadline = self._loop.time() + within
        while self._dismiss_idle() and self._loop.time() < deadline:
            await asyncio.sleep(0.05)
        self._dismiss(self._reception.sessions)
        await asyncio.sleep(0)  # lets the replies leave

    def _dismiss_idle(self) -> int:
        """Send away who is not sending a mail. Returns how many are."""
        busy = {session for session in self._reception.sessions if session.receiving}
        self._dismiss(self._reception.sessions - busy)
        return len(busy)

    def _dismiss(self, sessions: set[Session]) -> None:
        for session in list(sessions):
            session.dismiss("421 4.3.2 Closing for now, try again soon")


def _close_connections(workers: ThreadPoolExecutor, threads: int) -> None:
    """Close the database connection of every thread: each can close only its own."""
    together = threading.Barrier(threads)

    def close() -> None:
        together.wait()
        connections.close_all()

    for closing in [workers.submit(close) for _ in range(threads)]:
        closing.result()


def _tls_context() -> ssl.SSLContext | None:
    certificate = configuration.read("EMAILHUB_SMTP_CERTIFICATE")
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, configuration.read("EMAILHUB_SMTP_KEY") or None)
    except (OSError, ssl.SSLError) as error:
        raise configuration.ConfigurationError(
            f"EMAILHUB_SMTP_CERTIFICATE and EMAILHUB_SMTP_KEY cannot be used: {error}"
        ) from error
    return context


def serve(stop: threading.Event) -> None:
    """Listen until `stop` is set, then end within five seconds."""
    listener = Listener.from_settings()
    listener.start()
    try:
        stop.wait()
    finally:
        listener.stop()
