"""What of a timeline is shown: one kind of entry, or one person's. It is in the address of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emailhub.desk.models import Activity, Participant, Ticket
from emailhub.desk.queries import ActivityQuerySet

Kind = Activity.Kind


class Group(StrEnum):
    """The kinds of entries that a reader tells apart."""

    MAIL = "mail"
    CHAT = "chat"
    NOTES = "notes"
    EVENTS = "events"


_KINDS: Mapping[Group, Sequence[Kind]] = {
    Group.MAIL: (Kind.RECEIVED, Kind.SENT, Kind.AUTOMATIC_REPLY, Kind.NOT_DELIVERED),
    Group.CHAT: tuple(kind for kind in Kind if kind.value.startswith("chat")),
    Group.NOTES: (Kind.NOTE,),
}
_SHOWN_AS_WRITTEN = tuple(kind for kinds in _KINDS.values() for kind in kinds)
_LABELS: Mapping[Group | None, str | Promise] = {
    None: pgettext_lazy("activities", "All"),
    Group.MAIL: _("Email"),
    Group.CHAT: _("Chat"),
    Group.NOTES: _("Notes"),
    Group.EVENTS: _("Events"),
}


@dataclass(frozen=True)
class Choice:
    """Everything, or what is of this group and by this person: an advisor's id or a sender's address."""

    group: Group | None = None
    who: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Choice:
        """What the address says; what it says wrongly is left out."""
        group, who = query.get("kind", ""), query.get("who", "")
        return cls(Group(group) if group in set(Group) else None, who[:320].replace("\0", ""))

    @property
    def is_everything(self) -> bool:
        return self.group is None and not self.who

    def query(self) -> str:
        """Its part of an address, with the & before it; empty for everything."""
        parts = {name: value for name, value in (("kind", self.group), ("who", self.who)) if value}
        return f"&{urlencode(parts)}" if parts else ""

    def of(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """Those of the activities that are chosen."""
        if self.group is Group.EVENTS:
            activities = activities.exclude(kind__in=_SHOWN_AS_WRITTEN)
        elif self.group is not None:
            activities = activities.filter(kind__in=_KINDS[self.group])
        return activities.filter(_by(self.who)) if self.who else activities


EVERYTHING = Choice()


def _by(who: str) -> Q:
    """An advisor is named by their id, everybody else by the address that they write from."""
    if who.isascii() and who.isdecimal():
        return Q(advisor_id=int(who)) if len(who) < 19 else Q(pk__isnull=True)
    return Q(message__sender_address=who, advisor__isnull=True)


@dataclass(frozen=True)
class Place:
    """A link of the bar above the timeline."""

    label: str | Promise
    query: str
    is_current: bool


@dataclass(frozen=True)
class Bar:
    """Which entries can be chosen, and which are."""

    groups: tuple[Place, ...]
    people: tuple[Place, ...]  # the first one is everybody
    who: str | Promise  # whose entries are shown


def build_bar(ticket: Ticket, choice: Choice) -> Bar:
    """The bar of a ticket that came whole (desk.whole_ticket). Chat is offered where there is any."""
    offered = [None, Group.MAIL, *([Group.CHAT] if choice.group is Group.CHAT or _has_chat(ticket) else [])]
    groups = (*offered, Group.NOTES, Group.EVENTS)
    people: tuple[tuple[str, str | Promise], ...] = (("", _("Everybody")), *_people(ticket))
    return Bar(
        groups=tuple(_place(_LABELS[group], replace(choice, group=group), choice) for group in groups),
        people=tuple(_place(name, replace(choice, who=who), choice) for who, name in people),
        who=next((name for who, name in people if who == choice.who), choice.who),
    )


def _place(label: str | Promise, there: Choice, here: Choice) -> Place:
    return Place(label, there.query(), there == here)


def _has_chat(ticket: Ticket) -> bool:
    return bool(getattr(ticket, "has_chat", False))


def _people(ticket: Ticket) -> list[tuple[str, str]]:
    """Who wrote on it: people outside by their address, then our own by their id."""
    outside = {
        person.address: person.name or person.address
        for person in ticket.participants.all()
        if person.part in (Participant.Part.FROM, Participant.Part.BCC)
    }
    ours = [(str(one["id"]), one["name"]) for one in getattr(ticket, "author_rows", [])]
    return [*outside.items(), *ours]
