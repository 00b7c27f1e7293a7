"""Start the processes, restart one that dies, stop all of them cleanly."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from emailhub.cli.errors import BAD_SETTING
from emailhub.cli.keeper import Kept

PATIENCE = 8.0  # seconds for the processes to end by themselves
_PAUSES = (0.5, 1, 2, 5, 10)  # seconds before the n-th restart in a row
_STEADY = 60.0  # seconds after which an earlier death no longer counts
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (what to ask when we listen everywhere)
_PR_SET_PDEATHSIG = 1
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None  # found before any fork


class Refused(Exception):  # noqa: N818  (not a fault of ours: the process has said what is wrong)
    """A process does not start with these settings. Its exit code is the argument."""


@dataclass
class Child:
    """One process of ours: its name for people, and its command."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts: int = 0
    deaths: int = 0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        parent = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emailhub", *self.arguments],
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: _end_with(parent),  # noqa: PLW1509  (no threads here)
            start_new_session=True,  # Ctrl+C reaches the supervisor alone, which ends them in order
        )
        self.started_at = time.monotonic()
        self.starts += 1

    def look(self, now: float) -> None:
        """Restart the process if it has died, after a pause that grows. Raises Refused."""
        if self.process is not None and self.process.poll() is not None:
            if self.process.returncode == BAD_SETTING and self.starts == 1:
                raise Refused(BAD_SETTING)
            self.deaths = 1 if now - self.started_at > _STEADY else self.deaths + 1
            pause = _PAUSES[min(self.deaths, len(_PAUSES)) - 1]
            print(f"{self.name} ended with {self.process.returncode}; again in {pause} s", file=sys.stderr)
            self.process, self.restart_at = None, now + pause
        if self.process is None and now >= self.restart_at:
            self.start()


class Supervisor:
    """Runs the children until it is told to stop."""

    def __init__(self, children: Sequence[Child], database: Kept, ports: Sequence[tuple[str, int]]) -> None:
        """`ports`, (host, port), are those at which somebody answers when all is ready."""
        self.children = children
        self._ports = ports
        self._database = database
        self._stop = threading.Event()

    def run(self, *, on_ready: Callable[[], None]) -> int:
        """Start all, call `on_ready` once every port answers, end all on a signal. Returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            self._look_until_answering()
            if not self._stop.is_set():
                on_ready()
            while not self._stop.wait(0.2):
                self._look()
        except Refused as refused:
            return int(refused.args[0])
        finally:
            self._end()
        return 0

    def _look_until_answering(self) -> None:
        self._look()
        while not self._stop.is_set() and not all(_answers(*port) for port in self._ports):
            self._stop.wait(0.2)
            self._look()

    def _look(self) -> None:
        self._database.look()
        for child in self.children:
            child.look(time.monotonic())

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((_EVERYWHERE.get(host, host), port), timeout=1):
            return True
    except OSError:
        return False


def _end_with(parent: int) -> None:
    """On Linux, have the kernel end this child if the supervisor is killed, so that no port stays taken."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it was killed before it was asked to tell
            os._exit(1)
