"""An installation of its own: a data folder, free ports, and `emailhub` as an operator calls it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 400.0  # seconds for what takes a few on an idle machine, filling the demo half a minute


def wait_until(holds: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Look again and again. Raises AssertionError when time runs out."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Running:
    """A command that runs, with all that it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in self.output or self.process.poll() is not None)
        assert words in self.output, self.output

    def children(self) -> dict[int, str]:
        """Its processes, by pid, with their commands."""
        return {pid: _command(pid) for pid in _children(self.pid)}

    def child(self, command: str) -> int:
        """The process of `emailhub COMMAND`."""
        wait_until(lambda: any(line.endswith(f"emailhub {command}") for line in self.children().values()))
        return next(pid for pid, line in self.children().items() if line.endswith(f"emailhub {command}"))

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, and wait for the end. Returns the exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.append(line)


@dataclass
class Installation:
    """Where it lies, and how it is configured."""

    data: Path
    port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("EMAILHUB_", "DATABASE_", "DJANGO_", "PYTEST_"))
        }
        ours = {
            "EMAILHUB_DATA": str(self.data),
            "EMAILHUB_PORT": str(self.port),
            "EMAILHUB_SMTP_PORT": str(self.smtp_port),
            "EMAILHUB_WORKERS": "1",
            "EMAILHUB_DNS": "off",
            "PYTHONUNBUFFERED": "1",
        }
        return {**kept, **ours, **self.settings}

    def command(
        self, *arguments: str, settings: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "emailhub", *arguments],
            env=self.environment | (settings or {}),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str, settings: dict[str, str] | None = None) -> Iterator[Running]:
        """A command that goes on; ended at the end, whatever happened."""
        process = subprocess.Popen(
            [sys.executable, "-m", "emailhub", *arguments],
            env=self.environment | (settings or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running = Running(process)
        try:
            yield running
        finally:
            if process.poll() is None:
                running.end(signal.SIGTERM)

    @contextmanager
    def up(self, *arguments: str, settings: dict[str, str] | None = None) -> Iterator[Running]:
        """`emailhub up`, once it has said that it is ready."""
        with self.running("up", *arguments, settings=settings) as running:
            running.wait_for("Ctrl+C stops everything.")
            yield running

    def create_company(self) -> tuple[str, str]:
        """Make a company. Returns its team's address and the administrator's password."""
        done = self.command("createcompany", "Dealer", "--admin", "olga@dealer.example", "--team", "Service")
        assert done.returncode == 0, done.stderr
        return _told(done.stdout, "Team's address"), _told(done.stdout, "Password")

    def server_pid(self) -> int | None:
        """The embedded PostgreSQL's process, if it runs."""
        for pid in _all_pids():
            if f"-D {self.data}/" in _command(pid):
                return pid
        return None


def _told(output: str, what: str) -> str:
    found = re.search(rf"^{what}: +(\S+)$", output, re.MULTILINE)
    assert found, output
    return found[1]


def is_alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    return _stat(pid)[0] not in ("", "Z")


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _children(parent: int) -> list[int]:
    return [pid for pid in _all_pids() if _stat(pid) == ("S", parent) or _stat(pid)[1] == parent]


def _stat(pid: int) -> tuple[str, int]:
    """Its state and its parent."""
    try:
        state, ppid = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return "", 0
    return state, int(ppid)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    except OSError:
        return ""
