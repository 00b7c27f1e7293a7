"""The tickets that a ticket is linked with, and in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from emailhub.desk.models import Ticket, TicketLink


class Row(TypedDict):
    """A link as desk.links.link_rows() brings it."""

    id: int
    kind: str
    ticket: int
    other: int


@dataclass(frozen=True)
class Linked:
    """Another ticket, what it is to this one, and the link to take away."""

    ticket: Ticket
    word: str | Promise
    link_id: int


_WORDS = {kind.value: kind.label for kind in TicketLink.Kind}
_BACK: Mapping[str, str | Promise] = {
    **_WORDS,
    TicketLink.Kind.DUPLICATE.value: pgettext_lazy("link", "duplicated by"),
}


def other_ids(rows: Sequence[Row], ticket: Ticket) -> set[int]:
    """The tickets at the other ends."""
    return {row["other"] if row["ticket"] == ticket.pk else row["ticket"] for row in rows}


def build_linked(rows: Sequence[Row], ticket: Ticket, readable: Mapping[int, Ticket]) -> list[Linked]:
    """Those of them that the reader may see, in words from this ticket's side."""
    found = []
    for row in rows:
        is_here = row["ticket"] == ticket.pk
        other = readable.get(row["other"] if is_here else row["ticket"])
        if other is not None:
            found.append(Linked(other, (_WORDS if is_here else _BACK)[row["kind"]], row["id"]))
    return found
