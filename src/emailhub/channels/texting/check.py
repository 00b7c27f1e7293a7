"""Ask the gateway whether it knows an account, and keep the answer on its connection."""

from __future__ import annotations

from django.utils import timezone

from emailhub.delivery.outcomes import Fate

from .account import account_of
from .calls import fetch_account
from .health import note_trouble, note_working


def check_account(company_id: int, connection_id: int) -> bool:
    """Whether it does. Raises NoAccountError, SealedElsewhereError."""
    account = account_of(company_id, connection_id)
    answer = fetch_account(account)
    if answer.fate is Fate.ACCEPTED:
        note_working(account, now=timezone.now())
        return True
    note_trouble(account, answer, now=timezone.now())
    return False
