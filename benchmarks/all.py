#!/usr/bin/env python3
"""Run every benchmark, one after another: python benchmarks/all.py [FOLDER_OF_EML]

Each prints a small table. Intake is measured only on a folder of mails.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALWAYS = ("mail", "start", "memory", "acknowledge", "send", "scale", "pages")


def main() -> int:
    """Returns 1 if one of them failed; the others run all the same."""
    runs = [[name] for name in ALWAYS]
    if len(sys.argv) > 1:
        runs.insert(0, ["intake", *sys.argv[1:]])
    failed = [name for name, *arguments in runs if _run(name, arguments)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _run(name: str, arguments: list[str]) -> int:
    print(f"\n--- {name}", flush=True)
    return subprocess.run([sys.executable, HERE / f"{name}.py", *arguments], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
