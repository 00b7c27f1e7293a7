"""What gets installed: the package, its translations, and the programs that make it."""

from __future__ import annotations

import gettext
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import build_hook
import rooms
import soak
import untranslated

CHECKOUT = Path(__file__).parent.parent
TOOLS = CHECKOUT / "tools"

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Close"
msgstr "Cerrar"

msgctxt "a ticket"
msgid "Open"
msgstr "Abierta"

#, fuzzy
msgid "Reply"
msgstr "Quizás responder"

msgid "%d ticket"
msgid_plural "%d tickets"
msgstr[0] "%d consulta"
msgstr[1] "%d consultas"
"""


def write_catalogue(root: Path) -> Path:
    file = root / "locale" / "es" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(CATALOGUE)
    return file


# --- Translations ----------------------------------------------------------------------------------


def test_compiled_translations_are_read_by_gettext(tmp_path: Path) -> None:
    write_catalogue(tmp_path / build_hook.PACKAGE)
    (compiled,) = build_hook.compile_translations(tmp_path)
    with compiled.open("rb") as content:
        spanish = gettext.GNUTranslations(content)
    assert spanish.gettext("Close") == "Cerrar"
    assert spanish.pgettext("a ticket", "Open") == "Abierta"
    assert [spanish.ngettext("%d ticket", "%d tickets", n) for n in (1, 2)] == ["%d consulta", "%d consultas"]


def test_a_doubtful_translation_is_not_shown(tmp_path: Path) -> None:
    write_catalogue(tmp_path / build_hook.PACKAGE)
    (compiled,) = build_hook.compile_translations(tmp_path)
    with compiled.open("rb") as content:
        assert gettext.GNUTranslations(content).gettext("Reply") == "Reply"


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is missing: make test-tools")
def test_text_without_a_translation_is_named(tmp_path: Path) -> None:
    write_catalogue(tmp_path)
    (tmp_path / "code.py").write_text('_("Close"), _("Reply"), _("Assign")\n')
    (tmp_path / "page.html").write_text('{% load i18n %}{% translate "Merge" %}')
    assert sorted(untranslated.untranslated(tmp_path)) == ["es: Assign", "es: Merge", "es: Reply"]


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is missing: make test-tools")
def test_a_language_without_a_catalogue_is_untranslated_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text('_("Close")\n')
    assert list(untranslated.untranslated(tmp_path)) == ["es: Close"]


# --- The package -----------------------------------------------------------------------------------


def build_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def empty_environment(folder: Path) -> Path:
    """An environment in which our dependencies can be imported, and this checkout cannot."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


@pytest.mark.slow
def test_a_wheel_carries_all_that_it_needs(tmp_path: Path) -> None:
    names = zipfile.ZipFile(build_wheel(tmp_path)).namelist()
    assert {
        "emailhub/web/static/vendor/squire/squire.mjs",
        "emailhub/web/static/vendor/squire/LICENSE",
        "emailhub/web/static/vendor/dompurify/purify.min.js",
        "emailhub/locale/es/LC_MESSAGES/django.mo",
    } <= set(names)
    assert [name for name in names if name.split("/")[0] not in {"emailhub", names[-1].split("/")[0]}] == []


@pytest.mark.slow
def test_a_wheel_starts_without_a_checkout(tmp_path: Path) -> None:
    programs = empty_environment(tmp_path / "environment")
    installer = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--no-deps"]
    subprocess.run([*installer, "--no-index", str(build_wheel(tmp_path))], check=True, capture_output=True)
    where = [str(programs / "python"), "-c", "import emailhub; print(emailhub.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, check=True, capture_output=True, text=True, env={})
    assert found.stdout.startswith(str(tmp_path))
    environment = {"PATH": "/usr/bin:/bin", "EMAILHUB_DATA": str(tmp_path / "data")}
    asked = [str(programs / "emailhub"), "up", "--help"]
    answer = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "--demo" in answer.stdout


def test_a_package_without_browser_code_is_not_built(tmp_path: Path) -> None:
    hook = build_hook.BuildHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    with pytest.raises(FileNotFoundError, match="make browser-code"):
        hook.initialize("standard", {})


def test_a_checkout_is_installed_before_the_browser_code_is_there(tmp_path: Path) -> None:
    write_catalogue(tmp_path / build_hook.PACKAGE)
    hook = build_hook.BuildHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    hook.initialize("editable", {})
    assert list(tmp_path.rglob("*.mo"))


# --- The record of long tests ----------------------------------------------------------------------

REPORT = """<testsuites>
<testsuite name="pytest" tests="12" failures="2" errors="1" skipped="3" time="90.5"></testsuite>
</testsuites>"""


def test_a_run_of_the_long_tests_leaves_its_line(tmp_path: Path) -> None:
    report, kept = tmp_path / "report.xml", tmp_path / "trust.md"
    report.write_text(REPORT)
    kept.write_text("| day | commit |\n|---|---|\n")
    line = soak.row(rooms.read_report(report), commit="0123456789", on="2026-11-24", seed=7)
    soak.record(line, kept)
    assert kept.read_text().splitlines()[-1] == "| 2026-11-24 | 0123456789 | 6 | 3 | 3 | 1.5 | 7 |"


def test_the_record_has_a_column_for_each_figure() -> None:
    heading = (CHECKOUT / "docs" / "trust.md").read_text().split("\n| day", 1)[1].splitlines()[0]
    line = soak.row(rooms.Result(1, 0, 0, 1.0), commit="0123456789", on="2026-11-24", seed=1)
    assert line.count("|") == ("| day" + heading).count("|")


# --- Programs that prepare a machine ---------------------------------------------------------------


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def run_tool(name: str, *arguments: str, programs: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{programs}:/usr/bin:/bin"}
    environment.pop("PYTHON", None)
    return subprocess.run(
        [str(TOOLS / name), *arguments], capture_output=True, text=True, env=environment, check=False
    )


def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    program(programs, "python3", 'case "$*" in *ensurepip*|*virtualenv*) exit 1;; esac')
    done = run_tool("make-venv.sh", str(tmp_path / "venv"), programs=programs)
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr


def test_an_environment_that_is_whole_is_left_alone(tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([TOOLS / "make-venv.sh", environment], check=True)
    made = (environment / "pyvenv.cfg").stat().st_mtime_ns
    subprocess.run([TOOLS / "make-venv.sh", environment], check=True)
    assert (environment / "pyvenv.cfg").stat().st_mtime_ns == made


def test_an_environment_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    subprocess.run([TOOLS / "make-venv.sh", tmp_path / "venv"], check=True)
    subprocess.run([python, "-m", "pip", "--version"], check=True)


def test_an_installed_mail_server_is_not_replaced(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    listing = r"printf 'installed\texim4-daemon-light\tmail-transport-agent\n'"
    status = '[ "$4" = postfix ] || printf installed'
    program(programs, "dpkg-query", f'case "$3" in *Provides*) {listing};; *) {status};; esac')
    program(programs, "apt-get", "echo apt-get was called; exit 1")
    done = run_tool("install-test-tools.sh", programs=programs)
    assert done.returncode == 0
    assert "exim4-daemon-light stays" in done.stdout
    assert "apt-get was called" not in done.stdout
