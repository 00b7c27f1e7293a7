"""What a package of EmailHub needs besides its sources: translations, compiled, and the browser code.

The build calls `BuildHook`; `python tools/build_hook.py` compiles the translations of a checkout.
polib does it in pure Python: Django's compilemessages needs GNU gettext, which a fresh machine has not.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src") / "emailhub"
BROWSER_CODE = PACKAGE / "web" / "static" / "vendor"


def compile_translations(root: Path) -> list[Path]:
    """Write a .mo beside each .po below `root`, and return what was written.

    Fuzzy entries are left out: a doubtful translation is worse than the original.
    """
    return [_compile(catalogue) for catalogue in sorted((root / PACKAGE).rglob("*.po"))]


def _compile(catalogue: Path) -> Path:
    target = catalogue.with_suffix(".mo")
    unfinished = target.with_suffix(".mo.new")
    polib.pofile(str(catalogue)).save_as_mofile(str(unfinished))
    os.utime(unfinished)
    return unfinished.replace(target)


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Completes the tree before it is packed, and refuses to pack half of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the translations; outside an editable installation require the browser code too."""
        root = Path(self.root)
        compile_translations(root)
        if version != "editable" and not any((root / BROWSER_CODE).rglob("*js")):
            message = f"{BROWSER_CODE} is empty: run `make browser-code` before building a package"
            raise FileNotFoundError(message)


if __name__ == "__main__":
    for written in compile_translations(CHECKOUT):
        print(written.relative_to(CHECKOUT))
