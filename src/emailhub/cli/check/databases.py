"""The database: both roles, the walls between companies, and that a commit survives a power cut."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections

from emailhub.accounts import database
from emailhub.cli.check.finding import Finding, failed, ok

_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_OLDEST = 15  # major version of PostgreSQL


def look() -> Iterator[Finding]:
    yield _application()
    yield _owner()
    yield _durability()


def _application() -> Finding:
    check = "database.application"
    try:
        database.refuse_unsafe_role()
    except database.UnsafeRoleError as error:
        return failed(check, str(error))
    role, version = _one("default", "SELECT current_user, current_setting('server_version')")
    if int(version.split(".")[0]) < _OLDEST:
        return failed(check, f"PostgreSQL {version} is older than {_OLDEST}", version=version)
    return ok(check, f"PostgreSQL {version}; the role {role} is held by the walls", version=version)


def _owner() -> Finding:
    """The role that migrates must own the tables, or the next version cannot change them."""
    check = "database.owner"
    role, foreign = _one(
        "owner",
        "SELECT current_user, count(*) FILTER (WHERE NOT pg_has_role(current_user, tableowner, 'USAGE'))"
        " FROM pg_tables WHERE schemaname = 'public'",
    )
    if foreign:
        return failed(
            check,
            f"the role {role} of the owner's log-in does not own {foreign} tables: name the role that made"
            " them in DATABASE_OWNER_URL",
        )
    return ok(check, f"the role {role} owns the tables")


def _durability() -> Finding:
    """What was acknowledged must be on the disk. `local` is durable here and does not wait for a standby."""
    check = "database.durability"
    shown = {name: _one("default", f"SHOW {name}")[0] for name in _DURABLE}
    if off := [name for name, value in shown.items() if value == "off"]:
        return failed(
            check, f"{', '.join(off)} is off: a power cut loses mail that was acknowledged", **shown
        )
    return ok(check, "what is committed survives a power cut", **shown)


def _one(alias: str, sql: str) -> tuple[str, ...]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        row: tuple[str, ...] = cursor.fetchone()
        return row
