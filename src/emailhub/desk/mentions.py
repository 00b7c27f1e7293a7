"""Who is meant by "@Ana" in a note: one of those who may read the ticket.

The text itself says it, so a mention works without script, in drafts and by mail, and what is deleted
mentions nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from emailhub.accounts.models import Advisor
from emailhub.accounts.permissions import readers_of

from .models import Ticket

_AT = re.compile(r"(?<![\w.@])@(?=\w)")
_MOST = 200  # in one note


def mentioned_in(text: str, ticket: Ticket, *, by: Advisor) -> set[int]:
    """The ids of the advisors whom a note of this advisor mentions."""
    if not _AT.search(text):
        return set()
    return mentioned(text, {advisor.pk: str(advisor) for advisor in colleagues(ticket, by)})


def colleagues(ticket: Ticket, advisor: Advisor) -> list[Advisor]:
    """Who can be mentioned to: the others who may read the ticket, by name."""
    others = readers_of(ticket.team).exclude(pk=advisor.pk)
    return list(others.select_related("user").order_by("user__name", "pk"))


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """Whom the text means. The longest name wins; a first name is enough where only one has it.

    Who share a whole name are all meant: better one who need not act than one who is not told.
    """
    called = _by_call(names)
    found: set[int] = set()
    for at in list(_AT.finditer(text))[:_MOST]:
        rest = text[at.end() : at.end() + 120].casefold()
        found |= next((ids for call, ids in called if _starts(rest, call)), set())
    return found


def _by_call(names: Mapping[int, str]) -> list[tuple[str, set[int]]]:
    """What each is called by, the longest first."""
    whole: dict[str, set[int]] = {}
    first: dict[str, set[int]] = {}
    for id, name in names.items():
        words = name.casefold().split()
        if words:
            whole.setdefault(" ".join(words), set()).add(id)
            first.setdefault(words[0], set()).add(id)
    alone = {word: ids for word, ids in first.items() if len(ids) == 1 and word not in whole}
    return sorted((whole | alone).items(), key=lambda item: -len(item[0]))


def _starts(rest: str, call: str) -> bool:
    return rest.startswith(call) and not rest[len(call) : len(call) + 1].isalnum()
