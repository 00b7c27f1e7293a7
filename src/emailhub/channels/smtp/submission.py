"""One mail through an open SMTP connection: MAIL, RCPT, DATA, the final dot (RFC 5321 4.1.1)."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass

from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome, Result
from emailhub.mail.storable import one_line

from .limits import TimeOuts

_BLOCK = 64 * 1024
_ABOUT_OUR_LOG_IN = (530, 534, 535, 538)  # RFC 4954 6; 530 also where TLS is wanted (RFC 3207 4)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_DIAGNOSTIC_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply code, the enhanced status code where there is one, and both with their text on a line."""

    code: int
    status: str
    words: str

    @classmethod
    def read(cls, code: int, text: bytes) -> Reply:
        line = one_line(text.decode("utf-8", "replace"), _DIAGNOSTIC_LIMIT)
        match = _STATUS.match(line)
        return cls(code, match[0] if match else str(code), f"{code} {line}")

    @property
    def fate(self) -> Fate:
        """What the reply means for a mail that has not been accepted by it.

        A refusal of our log-in says nothing about the mail: it waits until an operator has seen to it.
        """
        about_the_mail = 500 <= self.code <= 599 and self.code not in _ABOUT_OUR_LOG_IN
        return Fate.REFUSED if about_the_mail else Fate.DEFERRED


class Submission:
    """One attempt. `broke` says afterwards that the connection cannot be used again."""

    def __init__(
        self, smtp: smtplib.SMTP, mail: FinishedMail, before_final_dot: BeforeFinalDot, time_outs: TimeOuts
    ) -> None:
        self.broke = False
        self._smtp, self._mail = smtp, mail
        self._before_final_dot = before_final_dot
        self._time_outs = time_outs
        self._results: dict[str, Result] = {}  # of recipients whose fate is decided
        self._dot_may_be_out = False
        self._error = ""

    def run(self) -> Outcome:
        """Speak, and say what became of each recipient. Raises only what `before_final_dot` raises."""
        try:
            self._speak()
        except (OSError, smtplib.SMTPException) as error:
            self.broke = True
            self._lose(error)
        return Outcome(tuple(self._results.values()), self._error)

    def _speak(self) -> None:
        if lacking := self._lacking():
            self._decide(self._mail.recipients, Fate.REFUSED, *lacking)
            return
        reply = self._command("MAIL", f"FROM:<{self._mail.mail_from}>{self._options()}")
        if reply.code != 250:
            self._decide_by(reply, self._mail.recipients)
            return
        accepted = tuple(address for address in self._mail.recipients if self._offer(address))
        if accepted:
            self._transfer(accepted)

    def _offer(self, address: str) -> bool:
        reply = self._command("RCPT", f"TO:<{address}>")
        if reply.code in (250, 251):
            return True
        self._decide_by(reply, [address])
        return False

    def _transfer(self, accepted: tuple[str, ...]) -> None:
        reply = self._command("DATA")
        if reply.code != 354:
            self._decide_by(reply, accepted)
            return
        self._send_content()
        self._before_final_dot(accepted)
        self._dot_may_be_out = True
        reply = self._final_dot()
        if 200 <= reply.code <= 299:
            self._decide(accepted, Fate.ACCEPTED, reply.status, reply.words)
        elif 400 <= reply.code <= 599:
            self._decide_by(reply, accepted)
        else:
            raise smtplib.SMTPServerDisconnected(f"no SMTP reply to the mail: {reply.words}")

    def _send_content(self) -> None:
        """Send all but the final dot, with dots at the beginning of lines doubled (RFC 5321 4.5.2)."""
        wire = (b"\r\n" + self._mail.content).replace(b"\r\n.", b"\r\n..")[2:]
        self._wait_at_most(self._time_outs.block)
        for start in range(0, len(wire), _BLOCK):
            self._smtp.send(wire[start : start + _BLOCK])

    def _final_dot(self) -> Reply:
        self._wait_at_most(self._time_outs.final_reply)
        self._smtp.send(b".\r\n")
        return Reply.read(*self._smtp.getreply())

    def _command(self, verb: str, argument: str = "") -> Reply:
        self._wait_at_most(self._time_outs.reply)
        return Reply.read(*self._smtp.docmd(verb, argument))

    def _wait_at_most(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    # Extensions

    @property
    def _is_8bit(self) -> bool:
        return not self._mail.content.isascii()

    @property
    def _needs_smtputf8(self) -> bool:
        header = self._mail.content.partition(b"\r\n\r\n")[0]
        paths = (self._mail.mail_from, *self._mail.recipients)
        return not (header.isascii() and all(path.isascii() for path in paths))

    def _lacking(self) -> tuple[str, str] | None:
        """Why this server can never take this mail (status, words), or None."""
        limit = self._smtp.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < len(self._mail.content):
            return "5.3.4", f"the mail is larger than the server takes ({limit} bytes)"
        if self._needs_smtputf8 and not self._smtp.has_extn("smtputf8"):
            return "5.6.7", "the server takes no addresses or headers outside ASCII (SMTPUTF8)"
        if self._is_8bit and not self._smtp.has_extn("8bitmime"):
            return "5.6.3", "the server takes no 8-bit content (8BITMIME)"
        return None

    def _options(self) -> str:
        options = ""
        if self._smtp.has_extn("size"):
            options += f" SIZE={len(self._mail.content)}"
        if self._is_8bit:
            options += " BODY=8BITMIME"
        if self._needs_smtputf8:
            self._smtp.command_encoding = "utf-8"
            options += " SMTPUTF8"
        return options

    # Results

    def _decide_by(self, reply: Reply, addresses: Iterable[str]) -> None:
        self._decide(addresses, reply.fate, reply.status, reply.words)

    def _decide(self, addresses: Iterable[str], fate: Fate, status: str, words: str) -> None:
        for address in addresses:
            self._results[address] = Result(address, fate, status, words)
        if fate is not Fate.ACCEPTED:
            self._error = words

    def _lose(self, error: Exception) -> None:
        """The connection is gone. What is undecided was not delivered, or nobody knows."""
        fate = Fate.UNCERTAIN if self._dot_may_be_out else Fate.DEFERRED
        words = one_line(f"the connection was lost: {error or type(error).__name__}", _DIAGNOSTIC_LIMIT)
        undecided = [a for a in self._mail.recipients if a not in self._results]
        self._decide(undecided, fate, "4.4.2", words)
