"""Make a data folder with migrated databases, of which every room's server is a copy.

python -m tests.prepared FOLDER

In it are the database that the program itself made, and its twin under the name that the tests use.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from emailhub import postgres

DATABASE = "emailhub_alone"  # of a run without xdist


def main() -> None:
    root = Path(sys.argv[1])
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("EMAILHUB_", "DATABASE_"))
    }
    migrate = [sys.executable, "-m", "emailhub", "migrate"]
    subprocess.run(migrate, env={**kept, "EMAILHUB_DATA": str(root)}, stdout=subprocess.DEVNULL, check=True)
    server = postgres.start(root)
    try:
        owner = postgres.parameters(root, role="owner", dbname="postgres")
        with psycopg.connect(**owner, autocommit=True) as connection:  # type: ignore[arg-type]
            made_by_the_program = postgres.parameters(root, role="owner")["dbname"]
            connection.execute(f'CREATE DATABASE "{DATABASE}" TEMPLATE "{made_by_the_program}"')
    finally:
        server.stop()


if __name__ == "__main__":
    main()
