"""The product's own processes on the database of the tests, to be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from django.conf import settings

from emailhub import postgres
from tests.cli.installation import free_port, wait_until
from tests.conftest import DATABASE

CHECKOUT = Path(__file__).parents[2]


def environment(**variables: object) -> dict[str, str]:
    """Variables for a process of ours that works on the database and files of this test run."""
    at = urlencode({"host": postgres.parameters(_root())["host"]})
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EMAILHUB_")}
    ours = {
        "DATABASE_URL": f"postgresql://emailhub_app@/{DATABASE}?{at}",
        "DATABASE_OWNER_URL": f"postgresql://emailhub@/{DATABASE}?{at}",
        "EMAILHUB_DATA": str(settings.DATA_ROOT),
        "EMAILHUB_MAIL_DOMAIN": "inbox.example",
        "EMAILHUB_DNS": "off",
        "PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}",
    }
    return {**kept, **ours, **{name: str(value) for name, value in variables.items()}}


class Process:
    """One process, started again under the same settings each time that it was killed."""

    def __init__(self, *command: str, log: Path, **variables: object) -> None:
        self._arguments = [sys.executable, "-m", "emailhub", *command]
        self._environment = environment(**variables)
        self.log = log
        self.kills = 0
        self.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._arguments, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.kills += 1

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def resident(self) -> int:
        """The memory that it has at hand now, in bytes."""
        return _status(self.pid, "VmRSS")

    def highest_resident(self) -> int:
        """The most that it ever had."""
        return _status(self.pid, "VmHWM")


def smtpd(log: Path) -> tuple[Process, int]:
    port = free_port()
    process = Process("smtpd", log=log, EMAILHUB_SMTP_HOST="127.0.0.1", EMAILHUB_SMTP_PORT=port)
    wait_until(lambda: _listens(port))
    return process, port


def database_takes_connections(yes: bool) -> None:
    """Let the database be reached, or end all its connections and let nobody in."""
    parameters = postgres.parameters(_root(), role="owner", dbname="postgres")
    with psycopg.connect(**parameters, autocommit=True) as owner:  # type: ignore[arg-type]
        owner.execute(f'ALTER DATABASE "{DATABASE}" ALLOW_CONNECTIONS {yes}')
        if not yes:
            owner.execute(
                "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE datname = %s", [DATABASE]
            )


def _root() -> Path:
    return Path(os.environ["EMAILHUB_TEST_ROOT"])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _status(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)
