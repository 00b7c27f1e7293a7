"""Whether an account works, kept on its connection. Nothing polls it: it shows when something is sent."""

from __future__ import annotations

from datetime import datetime

from emailhub.accounts.tenancy import company
from emailhub.delivery import connection_work
from emailhub.delivery.connection_work import Trouble
from emailhub.delivery.models import Connection

from .account import Account
from .calls import Answer


def note_sent(account: Account, *, now: datetime) -> None:
    """The gateway took a message."""
    _works(account, now, last_out_at=now)


def note_received(account: Account, *, now: datetime) -> None:
    """The gateway handed one in."""
    _works(account, now, last_in_at=now)


def note_trouble(account: Account, answer: Answer, *, now: datetime) -> None:
    """It did not want to talk to us, or was not there."""
    problem = "texting_credentials" if answer.refuses_us else "texting_away"
    with company(account.company_id):
        trouble = Trouble(problem, f"{answer.code} {answer.words}".strip())
        connection_work.note_trouble(account.connection_id, trouble, now=now)
        Connection.objects.filter(pk=account.connection_id).update(due_at=None)


def note_working(account: Account, *, now: datetime) -> None:
    """The gateway knows the account."""
    _works(account, now)


def _works(account: Account, now: datetime, **seen: datetime) -> None:
    fine = {"state": Connection.State.WORKING, "problem": "", "problem_detail": "", "failing_since": None}
    with company(account.company_id):
        rows = Connection.objects.filter(pk=account.connection_id).exclude(state=Connection.State.OFF)
        rows.update(**fine, **seen, checked_at=now)
