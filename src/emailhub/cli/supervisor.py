"""Start the processes, restart one that dies, stop all of them cleanly."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from emailhub.configuration import read, read_number

PATIENCE = 8.0  # seconds for the processes to end by themselves
_PAUSES = (0.5, 1, 2, 5, 10)  # seconds before the n-th restart in a row
_STEADY = 60.0  # seconds after which an earlier death no longer counts
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process of ours: its name for people, and its command."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emailhub", *self.arguments],
            stdin=subprocess.DEVNULL,
            preexec_fn=_end_with_parent,
            start_new_session=True,  # Ctrl+C reaches the supervisor alone, which ends them in order
        )
        self.started_at = time.monotonic()

    def look(self, now: float) -> None:
        """Restart the process if it has died, after a pause that grows."""
        if self.process is not None and self.process.poll() is not None:
            self.deaths = 1 if now - self.started_at > _STEADY else self.deaths + 1
            pause = _PAUSES[min(self.deaths, len(_PAUSES)) - 1]
            print(f"{self.name} ended with {self.process.returncode}; again in {pause} s", file=sys.stderr)
            self.process, self.restart_at = None, now + pause
        if self.process is None and now >= self.restart_at:
            self.start()


class Supervisor:
    """Runs the children until it is told to stop."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self._stop = threading.Event()

    def run(self, *, on_ready: Callable[[], None]) -> int:
        """Start all, call `on_ready` once the pages answer, and end all on SIGINT or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        greeted = False
        try:
            while not self._stop.is_set():
                for child in self.children:
                    child.look(time.monotonic())
                if not greeted and _answers():
                    greeted = True
                    on_ready()
                self._stop.wait(0.2)
        finally:
            self._end()
        return 0

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


def _answers() -> bool:
    host = read("EMAILHUB_HOST")
    target = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    try:
        with socket.create_connection((target, read_number("EMAILHUB_PORT")), timeout=1):
            return True
    except OSError:
        return False


def _end_with_parent() -> None:
    """On Linux, have the kernel end this child if the supervisor is killed, so that no port stays taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
