"""Hand a customer's mail to our own SMTP listener, as any server of the world would."""

from __future__ import annotations

import smtplib

from emailhub.configuration import read, read_number
from emailhub.delivery.outcomes import Fate, FinishedMail, Outcome, Result

_PATIENCE = 10  # seconds: the listener is on this machine


def post(mail: FinishedMail) -> Outcome:
    """Make one attempt. Never raises for what the listener says or if there is none."""
    port = read_number("EMAILHUB_SMTP_PORT")
    if not port:
        return _failed(mail, "EMAILHUB_SMTP_PORT is 0")
    try:
        with smtplib.SMTP(read("EMAILHUB_SMTP_HOST"), port, "customers.example", timeout=_PATIENCE) as smtp:
            refused = smtp.sendmail(mail.mail_from, list(mail.recipients), mail.content)
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except (OSError, smtplib.SMTPException) as error:
        return _failed(mail, str(error))
    return Outcome(tuple(_result(address, refused.get(address)) for address in mail.recipients))


def _result(address: str, reply: tuple[int, bytes] | None) -> Result:
    if reply is None:
        return Result(address, Fate.ACCEPTED)
    code, words = reply
    return Result(address, Fate.REFUSED, str(code), words.decode("utf-8", "replace"))


def _failed(mail: FinishedMail, words: str) -> Outcome:
    return Outcome.of_all(mail.recipients, Fate.DEFERRED, error=words)
