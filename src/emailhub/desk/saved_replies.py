"""Saved replies: a team's and one's own, and what stands in them for one ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require

from .errors import DeskError
from .models import SavedReply, Ticket

TEXT_LIMIT = 20_000  # characters of HTML


class Variable(StrEnum):
    """What may stand in braces in a saved reply."""

    CONTACT_NAME = "contact_name"
    ADVISOR = "advisor"
    TEAM = "team"
    COMPANY = "company"
    TICKET_NUMBER = "ticket_number"


SPANISH: Mapping[str, Variable] = {
    "nombre": Variable.CONTACT_NAME,
    "asesor": Variable.ADVISOR,
    "equipo": Variable.TEAM,
    "empresa": Variable.COMPANY,
    "ticket": Variable.TICKET_NUMBER,
}
_KNOWN: Mapping[str, Variable] = {variable.value: variable for variable in Variable} | dict(SPANISH)
_BRACES = re.compile(r"\{\s{0,3}([a-z_]{1,40})\s{0,3}\}", re.IGNORECASE)


class SavedReplyError(DeskError):
    """A saved reply has no name or no text, or is too long."""

    def __str__(self) -> str:
        return _("Give it a name and a text of at most 20,000 characters.")


def variables_in(language: str) -> list[str]:
    """The names of the variables as this language has them."""
    return list(SPANISH) if language == "es" else [variable.value for variable in Variable]


def of_team(team: Team) -> QuerySet[SavedReply]:
    """A team's saved replies, by name."""
    return SavedReply.objects.filter(team=team).order_by("name", "pk")


def own(advisor: Advisor) -> QuerySet[SavedReply]:
    """The saved replies that are an advisor's own, by name."""
    return SavedReply.objects.filter(owner=advisor).order_by("name", "pk")


def usable_on(ticket: Ticket, advisor: Advisor) -> QuerySet[SavedReply]:
    """What an advisor can answer a ticket with: its team's and their own, by name."""
    return (of_team(ticket.team) | own(advisor)).order_by("name", "pk")


def create(name: str, html: str, *, team: Team | None = None, by: Advisor, now: datetime) -> SavedReply:
    """Keep a text for the team, or without one for oneself. Raises NotPermittedError, SavedReplyError."""
    reply = SavedReply(company_id=by.company_id, team=team, owner=None if team else by)
    return _store(reply, name, html, by=by, now=now)


def change(reply: SavedReply, name: str, html: str, *, by: Advisor, now: datetime) -> SavedReply:
    """Raises NotPermittedError, SavedReplyError."""
    return _store(reply, name, html, by=by, now=now)


def delete(reply: SavedReply, *, by: Advisor, now: datetime) -> None:
    """What was sent with it stays as it was. Raises NotPermittedError."""
    _require(reply, by)
    if reply.team:
        audit.record(
            audit.Kind.TEAM, reply.team.name, by=by, at=now, team=reply.team,
            saved_reply=audit.Change(reply.name, ""),
        )  # fmt: skip
    reply.delete()


def fill(reply: SavedReply, ticket: Ticket, *, by: Advisor) -> str:
    """The reply's HTML with its variables filled in. What is in braces and no variable stays as it is."""
    values = {
        Variable.CONTACT_NAME: ticket.contact.name,
        Variable.ADVISOR: str(by),
        Variable.TEAM: ticket.team.name,
        Variable.COMPANY: by.company.name,
        Variable.TICKET_NUMBER: str(ticket.number),
    }

    def value(found: re.Match[str]) -> str:
        variable = _KNOWN.get(found[1].lower())
        return escape(values[variable]) if variable else found[0]

    return _BRACES.sub(value, reply.html)


def _store(reply: SavedReply, name: str, html: str, *, by: Advisor, now: datetime) -> SavedReply:
    _require(reply, by)
    before = reply.name
    clean = mail.sanitise_outgoing(html) if len(html) <= TEXT_LIMIT else ""
    reply.name, reply.html = " ".join(name.split())[:100], clean
    if not reply.name or not mail.plain_text(clean).strip():
        raise SavedReplyError
    reply.save()
    if reply.team:
        audit.record(
            audit.Kind.TEAM, reply.team.name, by=by, at=now, team=reply.team,
            saved_reply=audit.Change(before, reply.name),
        )  # fmt: skip
    return reply


def _require(reply: SavedReply, by: Advisor) -> None:
    require(may_manage(by, reply.team) if reply.team else by.may_write and reply.owner_id == by.id)
