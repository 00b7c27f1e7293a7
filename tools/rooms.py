"""Run the tests room by room: each in a process of its own, with a database server of its own.

In one process the threads, locks and forks that one room leaves running disturbed another. Each room's
server is a copy of one that is migrated once. As many rooms run at once as there are cores, the long ones
first; what a room said is printed when it has ended. One failure anywhere fails the whole, and every room is
run also after one that failed.

Arguments are handed to pytest: tools/rooms.py -m "not soak"
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
TESTS = CHECKOUT / "tests"
AT_ONCE = os.cpu_count() or 1
NO_TEST_COLLECTED = 5  # pytest's exit code: every test of the room was deselected
# Long ones first, so that none is left alone at the end.
LONG = ("cli", "web", "flows", "intake", "browser_static", "postgres", "faults", "channels")
SPLIT = ("cli", "flows")  # whose files are rooms of their own


@dataclass(frozen=True)
class Result:
    """What some runs of pytest came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def __add__(self, other: Result) -> Result:
        return Result(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True)
class Ended:
    """A room that has been run. A process that died is a failure, whatever its report says."""

    room: Path
    code: int
    output: str
    result: Result

    @property
    def is_good(self) -> bool:
        return self.code in (0, NO_TEST_COLLECTED)


def main() -> int:
    """Run all rooms and return 0, or 1 if anything failed."""
    code, result = run_rooms(sys.argv[1:], os.environ)
    print(
        f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped in {result.seconds:.0f} s"
    )
    return code


def run_rooms(
    arguments: Sequence[str], environment: Mapping[str, str], *, which: Sequence[Path] | None = None
) -> tuple[int, Result]:
    """Run rooms, all unless named, with these arguments of pytest. Return an exit code and the sums."""
    started = time.monotonic()
    total, bad = Result(), []
    with _prepared(environment) as theirs, ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [pool.submit(_run, room, arguments, theirs) for room in which or rooms()]
        for run in as_completed(runs):
            ended = run.result()
            total += ended.result
            print(f"--- {ended.room.relative_to(CHECKOUT)}\n{ended.output}", flush=True)
            if not ended.is_good:
                bad.append(ended.room)
    for room in bad:
        print(f"FAILED {room.relative_to(CHECKOUT)}")
    seconds = time.monotonic() - started
    return int(bool(bad)), Result(total.passed, total.failed, total.skipped, seconds)


@contextmanager
def _prepared(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment of the rooms, with a migrated database to copy (tests/prepared.py)."""
    with tempfile.TemporaryDirectory(prefix="emailhub-prepared-") as folder:
        Path(folder).chmod(0o755)
        paths = os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "src")])
        theirs = {**environment, "PYTHONPATH": paths}
        subprocess.run([sys.executable, "-m", "tests.prepared", folder], cwd=CHECKOUT, env=theirs, check=True)
        yield {**environment, "EMAILHUB_TEST_PREPARED": folder}


def rooms() -> list[Path]:
    """Every folder that holds tests, and every file in SPLIT and at the top: each test is in one."""
    files = TESTS.rglob("test_*.py")
    found = {
        file if file.parent in (TESTS, *(TESTS / room for room in SPLIT)) else file.parent for file in files
    }
    return sorted(found, key=lambda room: (_place(room), room))


def _place(room: Path) -> int:
    first = room.relative_to(TESTS).parts[0]
    return LONG.index(first) if first in LONG else len(LONG)


def tests_in(room: Path) -> list[Path]:
    """Its files. A folder's are without those of the folders in it, which are rooms too."""
    return [room] if room.is_file() else sorted(room.glob("test_*.py"))


def _run(room: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> Ended:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}", *arguments]
        command += map(str, tests_in(room))
        run = subprocess.run(
            command,
            cwd=CHECKOUT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        result = read_report(report) if report.exists() else Result()
    return Ended(room, run.returncode, run.stdout, result)


def read_report(report: Path) -> Result:
    """Sum up pytest's JUnit report."""
    root = ET.parse(report).getroot()  # noqa: S314 - pytest wrote it a moment ago
    suites = list(root.iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    seconds = sum(float(suite.get("time", "0")) for suite in suites)
    return Result(total - failed - skipped, failed, skipped, seconds)


if __name__ == "__main__":
    sys.exit(main())
