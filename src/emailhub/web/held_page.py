"""The list of held mail: whose, why, and how many there are of each kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_see_held
from emailhub.intake.held import discarded_for, held_for, ignored_for
from emailhub.intake.models import ReceivedMessage

from .received_words import ReasonWords, reason_words

_SHOWN = 200
IGNORED, DISCARDED = "ignored", "discarded"


@dataclass(frozen=True)
class HeldLine:
    """A mail in the list."""

    row: ReceivedMessage
    reason: ReasonWords | None  # None: it is not held but ignored or discarded
    query: str


@dataclass(frozen=True)
class Chip:
    """A filter above the list."""

    label: str | Promise
    count: int | None
    query: str
    is_current: bool


@dataclass(frozen=True)
class HeldList:
    """What the list shows now."""

    lines: list[HeldLine]
    chips: list[Chip]
    count: int
    show: str
    team: Team | None
    query: str


def build_held_list(advisor: Advisor, asked: QueryDict) -> HeldList:
    """The list that the address asks for: `show` a reason, `ignored` or `discarded`; `team` one team's."""
    team = _team(advisor, asked.get("team", ""))
    held = _of(held_for(advisor), team)
    counts = Counter(held.order_by().values_list("reason", flat=True))
    show = asked.get("show", "")
    query = _query(show, team)
    return HeldList(
        lines=[_line(row, query) for row in _rows(advisor, held, show, team)[:_SHOWN]],
        chips=_chips(advisor, counts, show, team),
        count=sum(counts.values()),
        show=show,
        team=team,
        query=query,
    )


def neighbours(lines: list[HeldLine], row: ReceivedMessage) -> tuple[HeldLine | None, HeldLine | None]:
    """The lines above and below a mail."""
    place = next((place for place, line in enumerate(lines) if line.row.pk == row.pk), None)
    if place is None:
        return None, lines[0] if lines else None
    return lines[place - 1] if place else None, lines[place + 1] if place + 1 < len(lines) else None


def held_count(advisor: Advisor) -> int:
    """How many mails wait for the advisor's team to decide."""
    return held_for(advisor).count()


def _rows(
    advisor: Advisor, held: QuerySet[ReceivedMessage], show: str, team: Team | None
) -> QuerySet[ReceivedMessage]:
    if show == IGNORED:
        return _of(ignored_for(advisor), team).order_by("-id")
    if show == DISCARDED:
        return _of(discarded_for(advisor), team).order_by("-id")
    return (held.filter(reason=show) if show else held).order_by("-id")


def _chips(advisor: Advisor, counts: Counter[str], show: str, team: Team | None) -> list[Chip]:
    kinds: list[tuple[str, str | Promise, int]] = [("", _("All"), sum(counts.values()))]
    kinds += [(reason, reason_words(reason).label, count) for reason, count in counts.most_common()]
    kinds.append((IGNORED, _("Ignored"), _of(ignored_for(advisor), team).count()))
    kinds.append((DISCARDED, _("Discarded"), _of(discarded_for(advisor), team).count()))
    return [
        Chip(label, count, _query(kind, team), kind == show)
        for kind, label, count in kinds
        if count or kind in ("", show)
    ]


def _line(row: ReceivedMessage, query: str) -> HeldLine:
    is_held = row.outcome == ReceivedMessage.Outcome.HELD and row.discarded_at is None
    return HeldLine(row, reason_words(row.reason) if is_held else None, query)


def _team(advisor: Advisor, asked: str) -> Team | None:
    teams = {str(team.id): team for team in advisor.readable_teams() if may_see_held(advisor, team)}
    return teams.get(asked)


def _of(rows: QuerySet[ReceivedMessage], team: Team | None) -> QuerySet[ReceivedMessage]:
    return rows.filter(team=team) if team else rows


def _query(show: str, team: Team | None) -> str:
    asked = {name: value for name, value in (("show", show), ("team", team.id if team else "")) if value}
    return f"?{urlencode(asked)}" if asked else ""
