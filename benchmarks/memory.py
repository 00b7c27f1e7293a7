#!/usr/bin/env python3
"""Memory of all processes, the embedded database included, idle: python benchmarks/memory.py [--seconds 10]

Shared pages are counted once (the kernel's proportional set size).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from bench import described, installation, table

from tests.cli.installation import Running


def main() -> None:
    parser = described(__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="to come to rest")
    options = parser.parse_args()
    as_usual = {"EMAILHUB_WORKERS": "2"}
    with installation() as (made, _, _password), made.up(settings=as_usual) as up:
        time.sleep(options.seconds)
        rows = [(name, f"{size / 1024:.0f} MB") for name, size in _sizes(up)]
        total = sum(size for _, size in _sizes(up)) / 1024
    table("Memory at rest", ("process", "memory"), [*rows, ("all (goal: 450 MB)", f"{total:.0f} MB")])


def _sizes(up: Running) -> Iterator[tuple[str, int]]:
    """Each process of ours and the database as one, in KB."""
    database = 0
    for pid in _descendants(up.pid):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        if "postgres" in command.split(" ")[0]:
            database += _size(pid)
        else:
            yield command.partition("emailhub ")[2].strip() or command, _size(pid)
    yield "PostgreSQL", database


def _descendants(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _descendants(int(child))


def _size(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found.group(1)) if found else 0


if __name__ == "__main__":
    main()
