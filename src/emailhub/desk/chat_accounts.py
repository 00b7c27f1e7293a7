"""A team's account at a gateway of text messages: how a manager connects it and lets it go again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, may_manage_company, require
from emailhub.delivery.models import Connection
from emailhub.egress.http import is_askable

from .errors import DeskError
from .models import ChatKind
from .phones import read_phone, region_of

_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_LONGEST = 200  # characters of a token


class ChatAccountError(DeskError):
    """Something typed about the account cannot be. Made with the sentence for the user."""


@dataclass(frozen=True)
class ChatAccount:
    """What a manager types. An empty token leaves the one that is kept for this account at this gateway."""

    account: str = ""
    token: str = field(default="", repr=False)
    sms: str = ""
    whatsapp: str = ""
    api: str = ""  # where a compatible gateway is; empty: Twilio's own
    for_company: bool = False  # all its teams write by it; what belongs to no ticket is this team's

    @classmethod
    def of(cls, connection: Connection) -> ChatAccount:
        """What was typed, without the token."""
        known = {
            name: str(connection.settings.get(name, "")) for name in ("account", "sms", "whatsapp", "api")
        }
        return cls(**known, for_company=connection.team_id is None)


def account_of_team(team: Team) -> Connection | None:
    """The account by which the team writes: its own, else the company's."""
    accounts = Connection.objects.filter(company_id=team.company_id, kind=Connection.Kind.TEXTING)
    used = accounts.exclude(state=Connection.State.OFF).order_by("-id")
    return used.filter(team=team).first() or used.filter(team=None).first()


def may_change_account(by: Advisor, team: Team) -> bool:
    """A company's account is its administrators', a team's own its managers'."""
    connection = account_of_team(team)
    of_company = connection is not None and connection.team_id is None
    return may_manage_company(by) if of_company else may_manage(by, team)


def connect_account(team: Team, typed: ChatAccount, *, by: Advisor, now: datetime) -> Connection:
    """Write by this account from now on. Raises ChatAccountError, BadPhoneError."""
    require(may_manage(by, team) and may_change_account(by, team))
    require(may_manage_company(by) or not typed.for_company)
    connection = account_of_team(team) or Connection(
        company_id=team.company_id, kind=Connection.Kind.TEXTING, state=Connection.State.WORKING
    )
    checked = _checked(typed, team)
    token = typed.token.strip()[:_LONGEST] or _kept_token(connection, checked)
    if not token:
        raise ChatAccountError(_("Enter the account's token."))
    before = connection.name
    connection.settings = {**checked, "team": team.pk}
    connection.secrets = {"token": token}
    connection.team = None if typed.for_company else team
    connection.name = " · ".join(filter(None, (connection.settings["sms"], connection.settings["whatsapp"])))
    connection.save()
    change = audit.Change(before, connection.name)
    audit.record(audit.Kind.ADDRESS, connection.name, by=by, at=now, team=team, chat=change)
    return connection


def disconnect_account(team: Team, *, by: Advisor, now: datetime) -> None:
    """Write by it no more. What was said stays."""
    require(may_manage(by, team) and may_change_account(by, team))
    connection = account_of_team(team)
    if connection is None:
        return
    connection.state, connection.sealed = Connection.State.OFF, b""
    connection.save(update_fields=["state", "sealed"])
    change = audit.Change(connection.name, "")
    audit.record(audit.Kind.ADDRESS, connection.name, by=by, at=now, team=team, chat=change)


def inherit_accounts(team: Team, heir: Team) -> None:
    """A deleted team's numbers are its heir's; what they bring in opens tickets there."""
    accounts = Connection.objects.filter(company_id=team.company_id, kind=Connection.Kind.TEXTING)
    accounts.filter(team=team).update(team=heir)
    for connection in accounts.filter(settings__team=team.pk):
        connection.settings = {**connection.settings, "team": heir.pk}
        connection.save(update_fields=["settings"])


def _kept_token(connection: Connection, checked: dict[str, str]) -> str:
    """The one that is stored, which goes to the gateway that it was entered for and nowhere else."""
    is_same = all(connection.settings.get(name) == checked[name] for name in ("account", "api"))
    return str(connection.secrets.get("token", "")) if is_same else ""


def _checked(typed: ChatAccount, team: Team) -> dict[str, str]:
    account, api = typed.account.strip(), typed.api.strip().rstrip("/")
    if not _SID.fullmatch(account):
        raise ChatAccountError(_("The account's identifier begins with AC and has 34 characters."))
    if api and not (is_askable(api) and api.isprintable() and not set("?#") & set(api)):
        raise ChatAccountError(_("The gateway's address begins with https://."))
    region = region_of(team.company)
    numbers = {
        kind.value: read_phone(number, region=region)
        if (number := getattr(typed, kind.value).strip())
        else ""
        for kind in ChatKind
    }
    if not any(numbers.values()):
        raise ChatAccountError(_("Enter at least one number to send from."))
    return {"account": account, "api": api, **numbers}
