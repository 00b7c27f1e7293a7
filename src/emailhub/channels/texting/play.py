"""Post a text message to ourselves as a gateway would, signed with the account's own token. For the demo."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.urls import reverse

from .account import account_of
from .signatures import Fields, sign
from .webhook import Verdict, take_message


def play_text(*, company_id: int, connection_id: int, kind: str, number: str, own: str, text: str) -> str:
    """Let a customer write. Returns the message's identifier; "" where the webhook refused it."""
    account = account_of(company_id, connection_id)
    fields = fields_of_text(account.sid, kind=kind, number=number, own=own, text=text)
    path = reverse("texting_incoming", args=[company_id, connection_id])
    signature = sign(settings.URL + path, fields, account.token)
    taken = take_message(company_id, connection_id, path, fields, signature) is Verdict.TAKEN
    return fields["MessageSid"][0] if taken else ""


def fields_of_text(sid: str, *, kind: str, number: str, own: str, text: str, name: str = "") -> Fields:
    """The form that a gateway posts when a message comes in; WhatsApp names its writer."""
    prefix = "whatsapp:" if kind == "whatsapp" else ""
    fields = {
        "MessageSid": f"SM{secrets.token_hex(16)}",
        "AccountSid": sid,
        "From": prefix + number,
        "To": prefix + own,
        "Body": text,
        "NumMedia": "0",
        "SmsStatus": "received",
    }
    if prefix and name:
        fields["ProfileName"] = name
    return {field: [value] for field, value in fields.items()}
