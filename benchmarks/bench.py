"""What every benchmark needs: an installation of its own, and a small table that says where and when."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from tests.cli.installation import Installation  # noqa: E402

Row = Sequence[object]


@contextmanager
def installation() -> Iterator[tuple[Installation, str, str]]:
    """A fresh one with a company; its team's address, and the administrator's password."""
    with tempfile.TemporaryDirectory(prefix="emailhub-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Installation(Path(folder) / "data")
        address, password = made.create_company()
        yield made, address, password


@contextmanager
def inside(made: Installation) -> Iterator[None]:
    """This process works on the installation's database, as a command does."""
    os.environ |= {name: value for name, value in made.environment.items() if name.startswith("EMAILHUB_")}
    from emailhub.cli.environment import ready

    with ready():
        yield


def described(words: str | None) -> argparse.ArgumentParser:
    """A parser whose help is the module's own words."""
    return argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table(title: str, head: Row, rows: Sequence[Row]) -> None:
    """Print a Markdown table, with the machine, the day and the commit."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print(f"\n{title}: {_where()}\n")
    for number, line in enumerate(lines):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def _where() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    ).stdout.strip()
    load = os.getloadavg()[0]
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {load:.1f}, commit {commit or '?'}"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
