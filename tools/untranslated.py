"""Fail, and name the strings, if any text of the product has no Spanish.

English is the language of the sources. GNU gettext finds the strings in a copy of them, so that the
check changes no file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

LANGUAGES = ("es",)
PACKAGE = Path(__file__).resolve().parent.parent / "src" / "emailhub"


def main() -> int:
    """Return the exit code: 0 if all is translated, or if it cannot be told outside CI."""
    if shutil.which("xgettext") is None:
        print("untranslated strings: not checked, GNU gettext is not installed (make test-tools)")
        return 1 if os.environ.get("CI") else 0
    missing = list(untranslated(PACKAGE))
    for line in missing:
        print(line)
    print(f"untranslated strings: {len(missing)}")
    return 1 if missing else 0


def untranslated(package: Path) -> Iterator[str]:
    """Yield `language: text` for each text in the package's sources that its catalogues lack."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / package.name
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns("vendor", "*.mo", "__pycache__"))
        for language in LANGUAGES:
            catalogue = copy / "locale" / language / "LC_MESSAGES" / "django.po"
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            _extract(copy, language)
            entries = polib.pofile(str(catalogue))
            for entry in [*entries.untranslated_entries(), *entries.fuzzy_entries()]:
                yield f"{language}: {entry.msgid}"


def _extract(copy: Path, language: str) -> None:
    command = [sys.executable, "-m", "django", "makemessages", "--verbosity", "0", "--locale", language]
    subprocess.run(command, cwd=copy, check=True, env=_without_settings())


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


if __name__ == "__main__":
    sys.exit(main())
