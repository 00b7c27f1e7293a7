"""Our side of a chat: by which number of which gateway a team writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q

from emailhub.accounts.models import Team
from emailhub.delivery.models import Connection

from .models import ChatKind


@dataclass(frozen=True)
class Line:
    """A number of ours, and the account that it belongs to."""

    kind: ChatKind
    number: str
    connection: Connection


def line_of(team: Team, kind: ChatKind) -> Line | None:
    """By which number the team sends such messages: its own, else the company's. None: not set up."""
    return next((line for line in lines_of(team) if line.kind == kind), None)


def lines_of(team: Team) -> list[Line]:
    """All numbers by which the team can send now, its own before the company's."""
    usable = Connection.objects.filter(
        Q(team_id=team.pk) | Q(team_id=None),
        company_id=team.company_id,
        kind=Connection.Kind.TEXTING,
        state__in=(Connection.State.WORKING, Connection.State.FAILING),
    ).order_by(F("team_id").asc(nulls_last=True), "pk")
    return [line for connection in usable for line in _numbers(connection)]


def _numbers(connection: Connection) -> Iterator[Line]:
    for kind in ChatKind:
        if number := str(connection.settings.get(kind.value, "")):
            yield Line(kind, number, connection)
