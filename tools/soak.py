"""Run every test, the soak tests too, and write the result into docs/trust.md.

`--sample` runs the soak tests alone, small and with a fixed seed, and writes nothing.
A soak test reads its size and seed from the environment: EMAILHUB_SOAK_SCALE (1.0 is full size)
and EMAILHUB_SOAK_SEED.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
RECORD = CHECKOUT / "docs" / "trust.md"
NO_TESTS_COLLECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Result:
    """What one run of pytest came to."""

    passed: int
    failed: int
    skipped: int
    seconds: float

    def row(self, *, commit: str, on: str, seed: int) -> str:
        """Return the line that docs/trust.md keeps of the run."""
        minutes = f"{self.seconds / 60:.1f}"
        cells = (on, commit, self.passed, self.failed, self.skipped, minutes, seed)
        return "| " + " | ".join(map(str, cells)) + " |"


def main() -> int:
    """Return pytest's exit code, where "no test" counts as well for a sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", action="store_true")
    if parser.parse_args().sample:
        return run_sample()
    return run_all(seed=int(time.time()))


def run_sample() -> int:
    """Run the soak tests at a fifth of their size, always with the same seed."""
    code = _pytest("-m", "soak", scale=0.2, seed=1)
    if code != NO_TESTS_COLLECTED:
        return code
    print("There is no soak test yet.")
    return 0


def run_all(*, seed: int) -> int:
    """Run every test at full size and record the result, also when a test failed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = _pytest(f"--junit-xml={report}", scale=1.0, seed=seed)
        if report.exists():
            line = read_report(report).row(commit=_commit(), on=f"{datetime.now(UTC):%Y-%m-%d}", seed=seed)
            record(line, RECORD)
            print(line)
    return code


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


def record(line: str, file: Path) -> None:
    """Add the line to the table that ends the file."""
    file.write_text(file.read_text().rstrip("\n") + f"\n{line}\n")


def _pytest(*arguments: str, scale: float, seed: int) -> int:
    command = [sys.executable, "-m", "pytest", f"--hypothesis-seed={seed}", *arguments]
    environment = {**os.environ, "EMAILHUB_SOAK_SCALE": str(scale), "EMAILHUB_SOAK_SEED": str(seed)}
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def _commit() -> str:
    described = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    return subprocess.run(described, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
