"""Many invitations at once: what a pasted list or a CSV file says, row by row, and what is wrong with it.

A row is an address, or an address with name, role and teams. The delimiter is a comma, a semicolon or a tab;
a first row of titles says in which column what stands. Several teams are separated by a vertical bar, or by a
semicolon where that is not the delimiter; `*` after a team's name makes a manager.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from .errors import InvitationError, ViewOnlyManagerError
from .invitations import refuse_to_invite
from .models import Advisor, Role
from .permissions import manageable_teams, may_give

LIMIT = 500
_COLUMNS = ("email", "name", "role", "teams")
_TITLES = {
    "email": ("email", "e-mail", "correo", "correo electronico", "mail"),
    "name": ("name", "nombre"),
    "role": ("role", "rol"),
    "teams": ("teams", "team", "equipos", "equipo"),
}
_ROLES = {
    Role.ADMIN: ("admin", "administrator", "administrador", "administradora"),
    Role.ADVISOR: ("", "advisor", "asesor", "asesora"),
    Role.VIEW_ONLY: ("view only", "view-only", "view_only", "solo lectura", "lectura"),
}


@dataclass(frozen=True)
class Row:
    """One person, or what is wrong with the row: then `error` says it."""

    line: int
    email: str
    name: str = ""
    role: Role = Role.ADVISOR
    teams: Mapping[int, bool] = field(default_factory=dict)  # id: whether as a manager
    error: str = ""


def read_rows(text: str, *, teams: Mapping[int, bool], by: Advisor) -> list[Row]:
    """Every row of the list. Those that name no team are for `teams`."""
    seen: set[str] = set()
    found: list[Row] = []
    columns: Sequence[str] = _COLUMNS
    for line, cells in enumerate(_cells(text), start=1):
        if not any(cells):
            continue
        if titles := _titles(cells):
            columns = titles
            continue
        row = _read(line, dict(zip(columns, cells, strict=False)), teams, by)
        if not row.error and row.email in seen:
            row = replace(row, error=_("This address stands in the list twice."))
        seen.add(row.email)
        found.append(row)
    return found[: LIMIT + 1]


def _cells(text: str) -> list[list[str]]:
    delimiter = max("\t;,", key=text.count) if any(mark in text for mark in "\t;,") else ","
    rows = csv.reader(text.replace("\0", "").splitlines(), delimiter=delimiter, skipinitialspace=True)
    return [[cell.strip() for cell in cells] for cells in rows]


def _titles(cells: Sequence[str]) -> list[str]:
    """The columns that a row of titles names; empty for a row that is about a person."""
    columns = {word: column for column, words in _TITLES.items() for word in words}
    known = [columns.get(_plain(cell), "") for cell in cells]
    return known if "email" in known else []


def _read(line: int, cells: Mapping[str, str], teams: Mapping[int, bool], by: Advisor) -> Row:
    shown, address = parseaddr(cells.get("email", ""))
    row = Row(line, (address or cells.get("email", "")).lower(), cells.get("name", "") or shown)
    role = next((role for role, words in _ROLES.items() if _plain(cells.get("role", "")) in words), None)
    if role is None:
        return replace(row, error=_("There is no role “%(role)s”.") % {"role": cells["role"]})
    row = replace(row, role=role)
    try:
        named = _teams(cells.get("teams", ""), by)
    except KeyError as error:
        return replace(row, error=_("You manage no team “%(team)s”.") % {"team": error.args[0]})
    return _checked(replace(row, teams=named or dict(teams)), by)


def _checked(row: Row, by: Advisor) -> Row:
    try:
        validate_email(row.email)
        refuse_to_invite(row.email, role=row.role, teams=row.teams)
    except ValidationError:
        return replace(row, error=_("“%(address)s” is no email address.") % {"address": row.email})
    except (InvitationError, ViewOnlyManagerError) as error:
        return replace(row, error=str(error))
    if not may_give(by, row.role, row.teams):
        return replace(row, error=_("Only an administrator invites an administrator."))
    return row


def _teams(typed: str, by: Advisor) -> dict[int, bool]:
    """The teams of these names, among those that one manages. Raises KeyError with the first unknown name."""
    known = {_plain(team.name): team.id for team in manageable_teams(by)}
    found: dict[int, bool] = {}
    for name in typed.replace(";", "|").split("|"):
        plain = name.strip()
        if plain:
            key = _plain(plain.removesuffix("*"))
            if key not in known:
                raise KeyError(plain.removesuffix("*").strip())
            found[known[key]] = plain.endswith("*")
    return found


def _plain(words: str) -> str:
    """To compare: without case, accents and doubled spaces."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
