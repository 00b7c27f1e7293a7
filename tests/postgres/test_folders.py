"""Where the data lies: strange paths work, unsafe and unreachable ones are refused with advice."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import psycopg
import pytest

from emailhub import postgres
from emailhub.postgres.folders import Folders, account_of

from .conftest import Person

_LONG = "/".join(["a-name-of-thirty-characters-xx"] * 6)


def _works(root: Path, engine: Path) -> None:
    server = postgres.start(root, bindir=engine)
    with psycopg.connect(**postgres.parameters(root)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len(os.fsencode(server.socket_dir / ".s.PGSQL.5432")) < 104
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    assert postgres.start(root, bindir=engine).adopted
    server.stop()


def _works_for(person: Person, root: Path, engine: Path) -> None:
    try:
        person.does(lambda: _works(root, engine))
    finally:
        sockets = Folders.of(root).sockets
        if root not in sockets.parents:
            _remove(sockets)


@pytest.fixture
def short(our_root: Path) -> Path:
    """A root too long for sockets."""
    return our_root / _LONG


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        for left in folder.iterdir():
            left.unlink()
        folder.rmdir()


@pytest.mark.parametrize("name", ["with two spaces", _LONG], ids=["spaces", "long"])
def test_a_root_may_have_spaces_and_be_very_long(
    our_root: Path, ourselves: Person, engine: Path, name: str
) -> None:
    _works_for(ourselves, our_root / name, engine)


def test_another_users_root_may_be_very_long(our_root: Path, stranger: Person, wheel: Path) -> None:
    our_root.mkdir()
    os.chown(our_root, stranger.uid, stranger.gid)
    _works_for(stranger, our_root / _LONG, wheel)


@pytest.mark.parametrize("name", ["one, two", "it's 50% über-größe (neu) & mehr"])
def test_a_root_may_have_characters_that_mean_something_elsewhere(
    our_root: Path, ourselves: Person, wheel: Path, name: str
) -> None:
    _works_for(ourselves, our_root / name, wheel)


@pytest.mark.parametrize("name", ['a "quote"', "$(touch here)", "`touch here`"])
def test_a_path_that_a_shell_would_read_is_refused(our_root: Path, ourselves: Person, name: str) -> None:
    refusal = _refusal(ourselves, postgres.start, our_root / name)
    assert refusal.startswith("UnusablePathError: Name a data folder without")
    assert not our_root.exists()


def test_a_relative_root_and_one_through_a_link_are_the_same_installation(
    our_made: Path, ourselves: Person
) -> None:
    link = our_made.with_name("link")
    link.symlink_to(our_made)

    @ourselves.does
    def _() -> None:
        server = postgres.start(our_made)
        os.chdir(our_made.parent)
        found = postgres.find_running(Path("data"))
        assert found is not None
        assert found.root == server.root
        assert postgres.start(link).adopted
        server.stop()


@pytest.mark.parametrize("trick", ["open to others", "a link", "a file"])
def test_a_planted_socket_folder_is_refused(short: Path, ourselves: Person, wheel: Path, trick: str) -> None:
    sockets = Folders.of(short).sockets
    elsewhere = short.parents[-1]
    try:
        if trick == "open to others":
            sockets.mkdir()
            sockets.chmod(0o777)
        elif trick == "a link":
            sockets.symlink_to(elsewhere)
        else:
            sockets.touch()
        for way in (postgres.start, postgres.parameters):
            assert _refusal(ourselves, way, short).startswith("NotPrivateError"), way
    finally:
        _remove(sockets) if trick != "a file" else sockets.unlink()


def test_a_socket_folder_that_another_user_made_first_is_refused(
    short: Path, ourselves: Person, stranger: Person
) -> None:
    sockets = Folders.of(short).sockets
    try:
        stranger.does(lambda: sockets.mkdir(mode=0o700))
        refusal = _refusal(ourselves, postgres.start, short)
        assert "NotPrivateError" in refusal
        assert str(sockets) in refusal
        assert f"of {stranger.name}" in refusal
    finally:
        _remove(sockets)


def _refusal(person: Person, way: object, root: Path) -> str:
    def refused() -> str:
        assert callable(way)
        try:
            way(root)
        except postgres.PostgresError as error:
            return f"{type(error).__name__}: {error}"
        return "nothing was refused"

    return str(person.does(refused))


def test_the_data_of_another_user_is_refused_with_advice(
    our_made: Path, stranger: Person, wheel: Path
) -> None:
    for way in (postgres.start, postgres.parameters):
        refusal = _refusal(stranger, way, our_made)
        assert "Run this as" in refusal, refusal
    assert stranger.does(lambda: postgres.find_running(our_made)) is None


def test_root_refuses_a_folder_that_the_servers_account_cannot_reach_and_opens_nothing(
    our_root: Path, ourselves: Person, stranger: Person
) -> None:
    closed = our_root / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    refusal = _refusal(ourselves, postgres.start, closed / "data")
    assert refusal.startswith("UnreachableError")
    assert str(closed) in refusal
    assert "/var/lib/emailhub" in refusal
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_root_runs_the_server_from_a_checkout_in_a_closed_folder(
    our_root: Path, ourselves: Person, stranger: Person, wheel: Path
) -> None:
    home = our_root.with_name("root-home")
    home.mkdir(mode=0o700)
    shutil.copytree(wheel.parents[2], home / "venv", symlinks=True)
    ourselves.does(lambda: _works(our_root, home / "venv" / wheel.relative_to(wheel.parents[2])))
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_the_server_never_runs_as_root(our_made: Path, stranger: Person, ourselves: Person) -> None:
    assert account_of(Folders.of(our_made)).uid != 0
    assert (our_made / "postgres" / "18").stat().st_uid == account_of(Folders.of(our_made)).uid


def test_root_joins_the_data_of_an_ordinary_user_as_that_user(
    hall: Path, our_root: Path, ourselves: Person, stranger: Person, wheel: Path
) -> None:
    our_root.mkdir()
    os.chown(our_root, stranger.uid, stranger.gid)
    theirs = our_root / "theirs"
    stranger.does(lambda: postgres.start(theirs, bindir=wheel).stop())
    ourselves.does(lambda: _works(theirs, wheel))
    stranger.does(lambda: _works(theirs, wheel))


def test_where_the_data_lies_by_default(our_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = our_root / "My Clone"
    (checkout / "src" / "emailhub").mkdir(parents=True)
    another = our_root / "other" / "My Clone"
    (another / "src" / "emailhub").mkdir(parents=True)
    monkeypatch.setenv("XDG_DATA_HOME", str(our_root / "xdg"))
    if os.geteuid() == 0:
        found = postgres.default_root(checkout)
        assert found.parent == Path("/var/lib/emailhub")
        assert found.name.startswith("my-clone-")
        assert found != postgres.default_root(another)
        assert postgres.default_root(None) == Path("/var/lib/emailhub/main")
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert postgres.default_root(checkout) == checkout / "data"
    assert postgres.default_root(our_root) == our_root / "xdg" / "emailhub"


def test_a_root_that_was_there_keeps_its_mode(our_root: Path) -> None:
    our_root.mkdir()
    our_root.chmod(0o750)
    postgres.create_root(our_root)
    assert stat.S_IMODE(our_root.stat().st_mode) == 0o750
