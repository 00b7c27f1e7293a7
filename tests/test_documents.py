"""The documents say what is so: each fact that stands twice is compared here."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
DEPENDENCIES = (CHECKOUT / "docs" / "dependencies.md").read_text()


def pyproject() -> dict[str, dict[str, object]]:
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text())


def name_of(requirement: str) -> str:
    return re.match(r"[\w-]+", requirement).group().lower()


def python_dependencies() -> set[str]:
    named = list(pyproject()["project"]["dependencies"])
    for extra in pyproject()["project"].get("optional-dependencies", {}).values():
        named += extra
    for group in pyproject()["dependency-groups"].values():
        named += [line for line in group if isinstance(line, str)]
    return {name_of(requirement) for requirement in named}


def browser_dependencies() -> set[str]:
    return set(json.loads((CHECKOUT / "package.json").read_text())["dependencies"])


def system_packages() -> set[str]:
    """The packages that the installing script names; Postfix stands apart there, for its conflicts."""
    script = (CHECKOUT / "tools" / "install-test-tools.sh").read_text()
    listed = re.search(r"packages=\(\n(.*?)\n\)", script, re.DOTALL).group(1)
    return {word for line in listed.splitlines() for word in line.split("#")[0].split()} | {"postfix"}


def rows() -> list[list[str]]:
    lines = [line.strip("|").split("|") for line in DEPENDENCIES.splitlines() if line.startswith("| ")]
    return [
        [cell.strip() for cell in line] for line in lines if line[0].strip() not in {"package", "program"}
    ]


def test_each_dependency_has_a_row_and_each_row_a_dependency() -> None:
    documented = {row[0].strip("`") for row in rows() if row[0].startswith("`")}
    assert documented == python_dependencies() | browser_dependencies()


def test_each_row_gives_a_reason_and_a_licence() -> None:
    assert [row for row in rows() if len(row) != 3 or not all(row)] == []


def test_each_program_that_the_tests_install_is_documented() -> None:
    documented = {name for row in rows() for name in row[0].split(", ")}
    assert system_packages() <= documented


def locks() -> list[Path]:
    return sorted((CHECKOUT / "requirements").glob("*.txt"))


def test_each_locked_package_has_hashes() -> None:
    for lock in locks():
        for entry in re.split(r"\n(?=\S)", lock.read_text()):
            if "==" in entry:
                assert "--hash=sha256:" in entry, f"{lock.name}: {entry}"


def test_the_locks_hold_what_the_project_asks_for() -> None:
    locked = {name_of(line) for lock in locks() for line in lock.read_text().splitlines() if "==" in line}
    assert python_dependencies() <= locked


def test_no_lock_names_a_registry() -> None:
    for lock in [*locks(), CHECKOUT / "package-lock.json", CHECKOUT / ".npmrc"]:
        assert (
            re.findall(r"https?://\S+|file:\S+|^-[if]\s.*|registry=.*", lock.read_text(), re.MULTILINE) == []
        )


def test_the_browser_code_is_locked_by_hash() -> None:
    packages = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]
    for path, package in packages.items():
        assert not path or package["integrity"].startswith("sha512-")


def test_each_target_of_the_makefile_that_people_call_says_what_it_does() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    called = set(re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.* ## \w", makefile, re.MULTILINE))
    assert called == explained
