"""Hand finished mails to the relay, command by command, so that each failure has its own meaning."""

from __future__ import annotations

import logging
import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings

from emailhub import configuration
from emailhub.configuration import ConfigurationError
from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome
from emailhub.egress import guard

from .limits import TimeOuts
from .submission import Submission

_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
log = logging.getLogger(__name__)


class Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The server that takes our mail, and how to speak with it."""

    host: str
    port: int
    security: Security
    helo: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)  # of OAuth, in place of a password
    guarded: bool = False  # somebody else named the host: it is connected to at checked addresses only
    time_outs: TimeOuts = field(default_factory=TimeOuts)
    keep_open: float = 30  # seconds for which a connection waits for the next mail
    rest: float = 15  # seconds for which a relay that cannot be reached is not tried again


class Relay:
    """A delivery.outcomes.Sender. One connection, used for one mail after another."""

    def __init__(self, relay: RelaySettings) -> None:
        self._settings = relay
        self._smtp: smtplib.SMTP | None = None
        self._used_at = 0.0
        self._rests_until = 0.0
        self._complaint = ""  # why it could not be reached

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        """Make one attempt (delivery.outcomes.Sender.send)."""
        if _BARE.search(mail.content) or not mail.content.endswith(b"\r\n"):
            return _refused(mail, "5.6.0", "the finished mail has a bare CR or LF and must not go out")
        smtp = self._connection()
        if smtp is None:
            return Outcome.of_all(
                mail.recipients, Fate.DEFERRED, status="4.4.1", error=self._complaint, channel_is_away=True
            )
        submission = Submission(smtp, mail, before_final_dot, self._settings.time_outs)
        try:
            return submission.run()
        except BaseException:
            self._drop()  # whatever has been sent of the mail is discarded by the server
            raise
        finally:
            self._used_at = time.monotonic()
            if submission.broke:
                self._drop()

    def complaint(self) -> str:
        """Why the relay cannot be used now, "" if it can: it was reached, encrypted and logged in to."""
        return self._complaint if self._connection() is None else ""

    def close(self) -> None:
        """Say QUIT. Every mail that was sent has been answered before."""
        if self._smtp is not None:
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self._settings.time_outs.connect)
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _connection(self) -> smtplib.SMTP | None:
        """A connection that answers, kept or new; None, with a complaint, if there is none to be had."""
        if self._smtp is not None and not self._still_answers(self._smtp):
            self._drop()
        if self._smtp is None and time.monotonic() >= self._rests_until:
            self._connect()
        return self._smtp

    def _still_answers(self, smtp: smtplib.SMTP) -> bool:
        if time.monotonic() - self._used_at > self._settings.keep_open:
            return False
        try:
            return smtp.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _connect(self) -> None:
        try:
            self._smtp = _open(self._settings)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._complaint = f"{self._settings.host}:{self._settings.port}: {self._explain(error)}"
            self._rests_until = time.monotonic() + self._settings.rest
            log.warning("the relay cannot be used: %s", self._complaint)

    def _explain(self, error: Exception) -> str:
        """The reason, for the log and the page, without the password: some servers repeat it."""
        password = self._settings.password
        return _reason(error).replace(password, "[hidden]") if password else _reason(error)


def _open(relay: RelaySettings) -> smtplib.SMTP:
    """Connect, encrypt and log in. Raises OSError, SMTPException; ValueError for what cannot be encoded."""
    context = ssl.create_default_context()
    connect = relay.time_outs.connect
    if relay.security == Security.TLS:
        over_tls = _GuardedSMTPOverTLS if relay.guarded else smtplib.SMTP_SSL
        smtp: smtplib.SMTP = over_tls(relay.host, relay.port, relay.helo, timeout=connect, context=context)
    else:
        plain = _GuardedSMTP if relay.guarded else smtplib.SMTP
        smtp = plain(relay.host, relay.port, relay.helo, timeout=connect)
    try:
        smtp.ehlo_or_helo_if_needed()
        if relay.security == Security.STARTTLS:
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        _log_in(smtp, relay)
    except BaseException:
        smtp.close()
        raise
    return smtp


class _GuardedSMTP(smtplib.SMTP):
    """Connects to an address that was looked at; STARTTLS still asks for the host's own name."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return guard.connect(host, port, timeout)


class _GuardedSMTPOverTLS(smtplib.SMTP_SSL):
    """The same, encrypted from the beginning."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(guard.connect(host, port, timeout), server_hostname=host)


def _log_in(smtp: smtplib.SMTP, relay: RelaySettings) -> None:
    if relay.token:
        said = f"user={relay.user}\x01auth=Bearer {relay.token}\x01\x01"
        smtp.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
    elif relay.user:
        smtp.login(relay.user, relay.password)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the log-in was refused: {_words(error)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error)
    if isinstance(error, UnicodeError):
        return "the user or the password has characters outside ASCII, which this log-in cannot carry"
    return str(error) or type(error).__name__


def _words(error: smtplib.SMTPResponseException) -> str:
    text = error.smtp_error
    return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _refused(mail: FinishedMail, status: str, error: str) -> Outcome:
    return Outcome.of_all(mail.recipients, Fate.REFUSED, status=status, error=error)


def smtp_sender(time_outs: TimeOuts | None = None) -> Relay | None:
    """The relay that the environment names, or None: mail waits in the outbox until there is one."""
    host = configuration.read("EMAILHUB_RELAY_HOST")
    if not host:
        return None
    security = configuration.read("EMAILHUB_RELAY_SECURITY").lower()
    if security not in list(Security):
        raise ConfigurationError(f"EMAILHUB_RELAY_SECURITY must be starttls, tls or none, not {security!r}")
    return Relay(
        RelaySettings(
            host=host,
            port=configuration.read_number("EMAILHUB_RELAY_PORT"),
            security=Security(security),
            helo=settings.MAIL_DOMAIN,
            user=configuration.read("EMAILHUB_RELAY_USER"),
            password=configuration.read("EMAILHUB_RELAY_PASSWORD"),
            time_outs=time_outs or TimeOuts(),
        )
    )
