"""What the page of a mailbox that is read by IMAP shows: how far it works, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage
from emailhub.delivery.models import Connection
from emailhub.hub.connection_words import Problem, problem_of
from emailhub.hub.mailboxes import MailboxForm, last_test, mailbox_of
from emailhub.hub.own_addresses import own_address_of

from .probe_words import ProbeLine, probe_line

# The step at which each problem shows; of any other one the last, reading.
_FAILS_AT = {"unreachable": 0, "odd_server": 0, "certificate": 1, "sealed": 2, "consent": 2, "no_token": 2}
_FAILS_AT |= {"login": 2, "folder": 3}
State = Connection.State


@dataclass(frozen=True)
class Step:
    """One of the things that must work. `tone` is ok, waiting, bad or later."""

    title: str
    tone: str


@dataclass(frozen=True)
class History:
    """How far the mails of the past have come in."""

    since: str
    expected: int
    taken: int
    gone: int
    unreadable: int
    is_done: bool

    @property
    def agrees(self) -> bool:
        return self.is_done and self.taken + self.gone + self.unreadable == self.expected


@dataclass(frozen=True)
class MailboxPage:
    """The page as one advisor sees it."""

    may_change: bool
    connection: Connection | None
    form: MailboxForm
    steps: list[Step]
    problem: Problem | None
    test: ProbeLine | None
    history: History | None
    left_out: int  # mails that the server would not give
    folders: list[str]
    offers_plain: bool  # without encryption, for hosts that the operator allows

    @property
    def is_working(self) -> bool:
        return self.connection is not None and self.connection.state == State.WORKING

    @property
    def is_busy(self) -> bool:
        """Whether it shows something else before long."""
        if self.connection is None:
            return False
        waits_for_test = self.test is not None and self.test.tone == "waiting"
        return not self.is_working or waits_for_test or bool(self.history and not self.history.is_done)


def build_mailbox_page(
    team: Team, advisor: Advisor, *, typed: MailboxForm | None = None, now: datetime
) -> MailboxPage:
    """`typed` is a form that was refused."""
    connection = mailbox_of(team)
    cursor: dict[str, Any] = connection.cursor if connection else {}
    chosen: dict[str, Any] = next(iter(cursor.get("folders", [])), {})
    test = last_test(team, connection) if connection else None
    return MailboxPage(
        may_change=may_manage(advisor, team),
        connection=connection,
        form=typed or _known(team, connection),
        steps=_steps(connection) if connection else [],
        problem=problem_of(connection) if connection and connection.problem else None,
        test=probe_line(test, now=now) if test else None,
        history=_history(chosen.get("history")),
        left_out=sum(len(each.get("left_out", ())) for each in cursor.get("folders", [])),
        folders=cursor.get("names", []),
        offers_plain=bool(settings.EGRESS_ALLOWED),
    )


def _known(team: Team, connection: Connection | None) -> MailboxForm:
    """What is set, or the address with which the set-up guide is busy."""
    if connection is not None:
        return MailboxForm.of(connection)
    own = own_address_of(team)
    return MailboxForm(address=own.address if own else "")


def _steps(connection: Connection) -> list[Step]:
    titles = [_("The server answers"), _("The connection is encrypted"), _("The log-in is accepted")]
    titles += [_("The folder is there"), _("Mail is read")]
    if connection.settings.get("security") == "none":
        titles[1] = _("The connection is not encrypted, as you chose")
    fails_at = _FAILS_AT.get(connection.problem, len(titles) - 1) if connection.problem else len(titles)
    rest = "waiting" if connection.state == State.NEW else "ok"
    tones = [rest if place < fails_at else "bad" if place == fails_at else "later" for place in range(5)]
    if connection.problem:
        tones[:fails_at] = ["ok"] * fails_at
    return [Step(title, tone) for title, tone in zip(titles, tones, strict=True)]


def _history(stored: dict[str, Any] | None) -> History | None:
    if not stored:
        return None
    names = ("since", "expected", "taken", "gone", "unreadable")
    return History(**{name: stored[name] for name in names}, is_done=stored["uid"] >= stored["last_uid"])
