"""A real PostgreSQL for the run, the application's role in it, and a fixed cast.

Importing this file starts the embedded server (or joins the one of the controlling process) and sets the
environment, before Django's settings are read.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from emailhub import postgres
from emailhub.postgres.cluster import SUPERUSER
from tests import (
    prepared,
    soak,  # noqa: F401 - reads its two variables before they are taken away
)

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
PREPARED = os.environ.get("EMAILHUB_TEST_PREPARED")  # tests/prepared.py made it


def _start_server() -> Path:
    """One server for the run; the workers of a parallel run join it."""
    if given := os.environ.get("EMAILHUB_TEST_ROOT"):
        return Path(given)
    root = Path(tempfile.mkdtemp(prefix="emailhub-tests-"))
    if PREPARED:
        subprocess.run(["cp", "-a", f"{PREPARED}/.", root], check=True)
    root.chmod(0o755)
    server = postgres.start(root)
    os.environ["EMAILHUB_TEST_ROOT"] = str(root)
    atexit.register(lambda: (server.stop(), shutil.rmtree(root, ignore_errors=True)))
    return root


_ROOT = _start_server()
for _name in [
    name
    for name in os.environ
    if name.startswith(("EMAILHUB_", "DATABASE_")) and name not in ("EMAILHUB_TEST_ROOT", "EMAILHUB_POSTGRES")
]:
    del os.environ[_name]  # what the developer's own installation has set is not the tests'
os.environ["EMAILHUB_DATA"] = str(_ROOT)
os.environ["EMAILHUB_MAIL_DOMAIN"] = "inbox.example"
os.environ["EMAILHUB_DNS"] = "off"  # loopback only
os.environ["DJANGO_SETTINGS_MODULE"] = "emailhub.settings"

import django  # noqa: E402
from django.conf import settings  # noqa: E402

DATABASE = f"emailhub_{_WORKER}"
for _alias in settings.DATABASES.values():
    _alias["NAME"] = DATABASE
settings.DATA_ROOT = _ROOT / _WORKER
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()

from django.db import connections  # noqa: E402

from emailhub.accounts import database  # noqa: E402
from emailhub.accounts.tenancy import company  # noqa: E402
from tests.cast import Cast  # noqa: E402
from tests.recorded import put_cast  # noqa: E402


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureDef[object]) -> None:
    """This worker's database: the prepared one, or one that is made now as an installation makes it."""
    if PREPARED and DATABASE == prepared.DATABASE:
        return
    owner = postgres.parameters(_ROOT, role="owner", dbname="postgres")
    with psycopg.connect(**owner, autocommit=True) as connection:  # type: ignore[arg-type]
        connection.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{DATABASE}"')
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.migrate()


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in a transaction that is rolled back. Enter a company with `with company(cast.dealer.id)`."""
    return put_cast()


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    """The cast, and the test runs inside the dealer's company."""
    with company(cast.dealer.id):
        yield cast


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: pytest.FixtureDef[object]) -> Iterator[None]:
    """A database that commits, for tests with several connections or processes. Emptied afterwards."""
    with committing(django_db_blocker):
        yield


@contextmanager
def committing(django_db_blocker: pytest.FixtureDef[object]) -> Iterator[None]:
    """The same for a fixture of a module, whose tests look and change nothing."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        for connection in connections.all():
            connection.close()
        empty()


@pytest.fixture
def committed_cast(committed_db: None) -> Cast:
    return put_cast()


@contextmanager
def as_owner() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection that sees through the walls."""
    parameters = postgres.parameters(_ROOT, role="owner", dbname=DATABASE)
    with psycopg.connect(**parameters, autocommit=True) as connection:  # type: ignore[arg-type]
        yield connection


def empty() -> None:
    """Delete all rows. (TRUNCATE makes a new file of every table and every index: a third of a second.)"""
    parameters = postgres.parameters(_ROOT, role="owner", dbname=DATABASE)
    parameters["user"] = SUPERUSER  # who may say that neither links nor triggers have a say
    with psycopg.connect(**parameters, autocommit=True) as connection:  # type: ignore[arg-type]
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        kept = {"django_migrations", "django_content_type", "auth_permission"}
        names = [name for (name,) in rows if name not in kept]
        query = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)
        deletions = [f'DELETE FROM "{name}"' for (name,) in connection.execute(query).fetchall()]
        connection.execute("; ".join(["SET session_replication_role = replica", *deletions]))
