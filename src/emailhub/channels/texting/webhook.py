"""What the gateway posts to us: messages that came in, and how far ours have come.

Nothing has an effect before its signature was checked over the public URL and over all that was posted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.chat_states import report_state
from emailhub.hub.addresses import Route
from emailhub.intake.accept import accept
from emailhub.store.sealing import SealedElsewhereError
from emailhub.texting import TextState

from .account import Account, NoAccountError, account_of
from .health import note_received
from .reading import number_in, receiving_team
from .signatures import is_signed

Fields = Mapping[str, Sequence[str]]
CHANNEL = "texting"
_STATES = {
    "accepted": TextState.ACCEPTED,
    "scheduled": TextState.ACCEPTED,
    "queued": TextState.ACCEPTED,
    "sending": TextState.ACCEPTED,
    "sent": TextState.SENT,
    "failed": TextState.FAILED,
    "undelivered": TextState.FAILED,
    "canceled": TextState.FAILED,
    "partially_delivered": TextState.DELIVERED,
    "delivered": TextState.DELIVERED,
    "read": TextState.READ,
}


class Verdict(Enum):
    """What a post is answered."""

    FORGED = 403
    TAKEN = 200
    MALFORMED = 400


def take_message(company_id: int, connection_id: int, path: str, fields: Fields, signature: str) -> Verdict:
    """Store a message that came in. When this returns TAKEN, neither a crash nor a power cut loses it."""
    account = _signer(company_id, connection_id, path, fields, signature)
    if account is None:
        return Verdict.FORGED
    number, own = number_in(_one(fields, "From")), number_in(_one(fields, "To"))
    if not (number and _one(fields, "MessageSid")):
        return Verdict.MALFORMED
    team_id = receiving_team(account)
    accept(
        channel=CHANNEL,
        content=content_of(connection_id, fields),
        mail_from=number,
        routes=[Route(company_id, team_id, own)],
    )
    note_received(account, now=timezone.now())
    return Verdict.TAKEN


def content_of(connection_id: int, fields: Fields) -> bytes:
    """What is kept of a message as it came: all that was posted, and by which account."""
    named = {name: list(values) for name, values in fields.items()}
    return json.dumps({"connection": connection_id, "fields": named}).encode()


def take_status(company_id: int, connection_id: int, path: str, fields: Fields, signature: str) -> Verdict:
    """Store how far a message of ours has come. Unknown words and strange messages change nothing."""
    account = _signer(company_id, connection_id, path, fields, signature)
    if account is None:
        return Verdict.FORGED
    key = _key_in(path)
    if key is None:
        return Verdict.MALFORMED
    word = "read" if _one(fields, "EventType") == "READ" else _one(fields, "MessageStatus")
    if state := _STATES.get(word):
        with company(company_id):
            report_state(
                key,
                gateway_id=_one(fields, "MessageSid"),
                state=state,
                error_code=_one(fields, "ErrorCode"),
                now=timezone.now(),
            )
    return Verdict.TAKEN


def _signer(company_id: int, connection_id: int, path: str, fields: Fields, signature: str) -> Account | None:
    """The account whose token signed this, or None."""
    try:
        account = account_of(company_id, connection_id)
    except (NoAccountError, SealedElsewhereError):
        return None
    return account if is_signed(settings.URL + path, fields, signature, account.token) else None


def _one(fields: Fields, name: str) -> str:
    values = fields.get(name, ())
    return values[0] if values else ""


def _key_in(path: str) -> UUID | None:
    try:
        return UUID(path.partition("?message=")[2])
    except ValueError:
        return None
