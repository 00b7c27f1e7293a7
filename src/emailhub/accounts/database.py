"""The database as a whole: migrate it as its owner, and let the application's role do its work in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

# Tables without company_id, or with rows that are needed before the company is known. Every other
# table has a row policy; tests/accounts/test_walls.py holds this list and the database together.
OUTSIDE_THE_WALLS = frozenset(
    {
        "account_emailaddress",
        "account_emailconfirmation",
        "accounts_company",
        "accounts_session",
        "accounts_user",
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "cache",
        "delivery_outboxhold",
        "delivery_restoration",
        "django_content_type",
        "django_migrations",
        "django_session",
        "mfa_authenticator",
        "socialaccount_socialaccount",
        "socialaccount_socialapp",
        "socialaccount_socialtoken",
    }
)


_LIBPQ = frozenset(
    ["host", "port", "user", "password", "dbname", "options", "sslmode", "sslrootcert", "sslcert", "sslkey"]
)


class UnsafeRoleError(Exception):
    """The application's role could see through the row policies. The message says what to change."""


def migrate() -> None:
    """Bring the schema up to date as its owner, and grant the application's role what it needs."""
    with connections["owner"].cursor() as cursor:
        _ensure_role(cursor)
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("createcachetable", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        _shield_owners_functions(cursor)
        _close_owners_functions(cursor)
        _grant(cursor)
    refuse_unsafe_role()


def is_migrated() -> bool:
    """Whether the schema is that of this version, asked as the application's role."""
    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def refuse_unsafe_role() -> None:
    """Raise UnsafeRoleError if the role of the default connection could bypass a policy."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper OR rolbypassrls,"
            " EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        role, above_policies, owns_tables = cursor.fetchone()
    if above_policies or owns_tables:
        raise UnsafeRoleError(
            f"The application works as the role {role}, which is not held by the walls between companies"
            f" ({'it is superuser or has BYPASSRLS' if above_policies else 'it owns the tables'})."
            " Give DATABASE_URL a role of its own, and DATABASE_OWNER_URL the owner's."
        )


def direct_parameters(alias: str = "default") -> dict[str, Any]:
    """psycopg's keywords for a connection of its own outside of Django's: to LISTEN, or as the "owner"."""
    parameters = connections[alias].get_connection_params()
    return {name: value for name, value in parameters.items() if name in _LIBPQ}


def _ensure_role(cursor: CursorWrapper) -> None:
    role = connections["owner"].ops.quote_name(settings.DATABASE_ROLE)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_ROLE])
    if cursor.fetchone():
        return
    cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        raise UnsafeRoleError(
            "The application's role does not exist and this log-in may not create it. As a superuser run:\n"
            f"  CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;\n"
            f"  GRANT {role} TO {settings.DATABASES['owner']['USER']};"
        )
    cursor.execute(f"CREATE ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    cursor.execute(f"GRANT {role} TO current_user")


def _shield_owners_functions(cursor: CursorWrapper) -> None:
    """Let SECURITY DEFINER functions look into the caller's temporary schema last.

    Unless it is named, PostgreSQL looks there first: a temporary view with a table's name would have the
    owner run whatever the caller put into it.
    """
    cursor.execute(
        "SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        " AND pg_get_userbyid(proowner) = current_user"
        " AND 'search_path=public, pg_temp' <> ALL (coalesce(proconfig, '{}'))"
    )
    for (function,) in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {function} SET search_path = public, pg_temp")


def _close_owners_functions(cursor: CursorWrapper) -> None:
    """Let nobody but the application's role call what looks over the walls, also in a restored database."""
    cursor.execute(
        "SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        " AND pg_get_userbyid(proowner) = current_user"
        " AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))"
    )
    for (function,) in cursor.fetchall():
        cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")


def _grant(cursor: CursorWrapper) -> None:
    role = connections["owner"].ops.quote_name(settings.DATABASE_ROLE)
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
    cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}")
