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
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rooms import CHECKOUT, Result, rooms, run_rooms, tests_in

RECORD = CHECKOUT / "docs" / "trust.md"


def main() -> int:
    """Return 0, or 1 if a test failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", action="store_true")
    if parser.parse_args().sample:
        return run_sample()
    return run_all(seed=int(time.time()))


def run_sample() -> int:
    """Run the soak tests at a fifth of their size, always with the same seed."""
    which = [room for room in rooms() if any("mark.soak" in file.read_text() for file in tests_in(room))]
    code, result = _run("-m", "soak", scale=0.2, seed=1, which=which)
    print(f"sample: {result.passed} passed, {result.failed} failed in {result.seconds:.0f} s")
    return code


def run_all(*, seed: int) -> int:
    """Run every test at full size and record the result, also when a test failed."""
    code, result = _run(scale=1.0, seed=seed)
    line = row(result, commit=_commit(), on=f"{datetime.now(UTC):%Y-%m-%d}", seed=seed)
    record(line, RECORD)
    print(line)
    return code


def row(result: Result, *, commit: str, on: str, seed: int) -> str:
    """Return the line that docs/trust.md keeps of a run."""
    minutes = f"{result.seconds / 60:.1f}"
    cells = (on, commit, result.passed, result.failed, result.skipped, minutes, seed)
    return "| " + " | ".join(map(str, cells)) + " |"


def record(line: str, file: Path) -> None:
    """Add the line to the table that ends the file."""
    file.write_text(file.read_text().rstrip("\n") + f"\n{line}\n")


def _run(*arguments: str, scale: float, seed: int, which: Sequence[Path] | None = None) -> tuple[int, Result]:
    environment = {**os.environ, "EMAILHUB_SOAK_SCALE": str(scale), "EMAILHUB_SOAK_SEED": str(seed)}
    return run_rooms([f"--hypothesis-seed={seed}", *arguments], environment, which=which)


def _commit() -> str:
    described = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    return subprocess.run(described, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
