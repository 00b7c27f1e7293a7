"""Write a database out as SQL, and read such a script into an empty one, with PostgreSQL's own programs.

Also for a server that is not ours: connection parameters are libpq's keywords, the password among them,
and are handed over in the environment, where no list of processes shows them.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

from emailhub.postgres.binaries import Engine, NoEngineError, engines
from emailhub.postgres.folders import Folders, PostgresError

_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
# The roles of the new place may have other names, and what they may do is granted after each migration.
_PLAIN = ("--format=plain", "--no-owner", "--no-privileges", "--no-comments")
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_HEAD = 100  # lines of a script before its first table
# A killed caller ends psql's input too soon, which looks like the end of the script. This tells them apart.
_WHOLE = b"\nSELECT set_config('emailhub.script', 'whole', true);\n"
_REFUSE_HALF = (
    "DO $$ BEGIN IF current_setting('emailhub.script', true) IS DISTINCT FROM 'whole' THEN"
    " RAISE EXCEPTION 'the script ended too soon'; END IF; END $$"
)
_CHUNK = 1024 * 1024


class DumpError(PostgresError):
    """The database could not be written out or read in. The message is PostgreSQL's."""


def client_programs(root: Path, at_least: int) -> Engine:
    """The programs nearest to this major version that are not older. Raises NoEngineError."""
    fitting = [engine for engine in engines(Folders.of(root)) if engine.major >= at_least]
    if not fitting:
        raise NoEngineError(
            f"This needs the programs of PostgreSQL {at_least} or newer, pg_dump and psql: install them."
        )
    return min(fitting, key=lambda engine: engine.major)


def dump(
    engine: Engine,
    parameters: Mapping[str, object],
    *,
    snapshot: str,
    without_rows_of: Sequence[str],
    output: IO[bytes],
) -> None:
    """Write the database as it is in this exported snapshot as a gzipped script. Raises DumpError."""
    command = [
        str(engine.bindir / "pg_dump"),
        *_PLAIN,
        "--compress=6",
        f"--snapshot={snapshot}",
        *(f"--exclude-table-data={table}" for table in without_rows_of),
    ]
    with tempfile.TemporaryFile() as complaints:
        done = subprocess.run(
            command, stdout=output, stderr=complaints, env=_environment(parameters), check=False
        )
        if done.returncode:
            raise DumpError(f"The database could not be written out: {_first_error(complaints)}")


def load(
    engine: Engine, parameters: Mapping[str, object], script: IO[bytes], *, then: str, server_major: int
) -> None:
    """Run a script, and the statements of `then`, all in one transaction or nothing. Raises DumpError.

    A script of pg_dump empties the search path: `then` must say public.table.
    """
    command = [
        str(engine.bindir / "psql"),
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--set=VERBOSITY=terse",  # the context of an error is a customer's row
        "--output=/dev/null",
        "--single-transaction",
        "--file=-",
        f"--command={_REFUSE_HALF}",
    ]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=complaints, env=_environment(parameters)
        ) as psql,
    ):
        assert psql.stdin
        try:
            for piece in chain(_pieces(script, server_major), [then.encode(), _WHOLE]):
                psql.stdin.write(piece)
            psql.stdin.close()
        except BrokenPipeError:
            pass  # it has ended, and has said why
        except BaseException:
            psql.kill()  # or the end of its input would be taken for the end of the script
            raise
        if psql.wait():
            raise DumpError(f"The database could not be read in: {_first_error(complaints)}")


def _pieces(script: IO[bytes], server_major: int) -> Iterator[bytes]:
    """The script, without the setting that newer programs write and older servers do not know."""
    for _ in range(_HEAD):
        line = script.readline()
        if line != _UNKNOWN_BEFORE_17 or server_major >= 17:
            yield line
    while piece := script.read(_CHUNK):
        yield piece


def _environment(parameters: Mapping[str, object]) -> dict[str, str]:
    given = {_VARIABLES[name]: str(value) for name, value in parameters.items() if name in _VARIABLES}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGCLIENTENCODING": "UTF8", **given}


def _first_error(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").splitlines()
    telling = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
    return (telling or lines or ["it said nothing"])[0][:500]
