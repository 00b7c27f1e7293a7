"""Send a text message that is due."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome, Result
from emailhub.desk.chat_media import media_paths
from emailhub.store.sealing import SealedElsewhereError

from .account import Account, NoAccountError, account_of
from .calls import Answer, post_message
from .health import note_sent, note_trouble


class TextSender:
    """A delivery.outcomes.Sender: one message, one call."""

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        """Make one attempt. The gateway reports what became of it to the address that goes with it."""
        try:
            account = account_of(mail.company_id or 0, mail.connection_id or 0)
        except (NoAccountError, SealedElsewhereError) as error:
            words = str(error) or "the account was removed"
            return Outcome.of_all(mail.recipients, Fate.DEFERRED, error=words, channel_is_away=True)
        fields = fields_of(json.loads(mail.content), account)
        before_final_dot(mail.recipients)
        answer = post_message(account, fields)
        _note(account, answer)
        return _outcome(mail, answer)

    def close(self) -> None:
        """Nothing is kept open."""


def fields_of(content: dict[str, Any], account: Account) -> dict[str, str | list[str]]:
    """The form that asks for the message."""
    fields: dict[str, str | list[str]] = {
        "From": _address(content["kind"], content["from"]),
        "To": _address(content["kind"], content["to"]),
        "StatusCallback": status_url(account.company_id, account.connection_id, content["key"]),
    }
    if content["text"]:
        fields["Body"] = content["text"]
    if content["files"]:
        paths = media_paths(account.company_id, content["files"])
        fields["MediaUrl"] = [f"{settings.URL}{path}" for path in paths]
    return fields


def status_url(company_id: int, connection_id: int, key: str) -> str:
    """Where the gateway tells how far a message has come. Its signature covers the key."""
    return f"{settings.URL}{reverse('texting_status', args=[company_id, connection_id])}?message={key}"


def _address(kind: str, number: str) -> str:
    return f"whatsapp:{number}" if kind == "whatsapp" else number


def _note(account: Account, answer: Answer) -> None:
    """Keep on the connection whether it works."""
    if answer.fate is Fate.ACCEPTED:
        note_sent(account, now=timezone.now())
    elif answer.refuses_us or answer.is_away:
        note_trouble(account, answer, now=timezone.now())


def _outcome(mail: FinishedMail, answer: Answer) -> Outcome:
    words = f"queued as {answer.sid}" if answer.sid else answer.words
    results = tuple(Result(address, answer.fate, answer.code, words) for address in mail.recipients)
    error = "" if answer.fate is Fate.ACCEPTED else " ".join(filter(None, (answer.code, answer.words)))
    return Outcome(results, error, channel_is_away=answer.is_away)
