"""What no row names goes away, and nothing else: also what is named in the very moment of the tidying."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from emailhub import store
from emailhub.store import Collected, name_of
from emailhub.store.orphans import _with_names
from emailhub.store.place import Found

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)
DAYS_LATER = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA_ROOT = tmp_path
    return tmp_path / "files"


def put(content: bytes, *, changed_at: datetime = LONG_AGO, company: int = 1) -> str:
    key = store.put(company, content)
    age(store.path(company, key), changed_at)
    return key


def age(path: Path, changed_at: datetime) -> None:
    os.utime(path, (changed_at.timestamp(), changed_at.timestamp()))


def tidy(named: Iterable[str] = (), *, now: datetime = NOW) -> Collected:
    names = sorted(named)
    return store.collect(names, names, now=now)


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def set_aside(root: Path, key: str, *, at: datetime) -> None:
    tidy()
    aside = root / "orphans" / name_of(1, key)
    assert aside.exists()
    age(aside, at)


def test_what_a_row_names_stays_as_it_is(root: Path) -> None:
    keys = [put(b"%d" % number, company=company) for number in range(20) for company in (1, 7, 70)]
    names = {name_of(company, key) for key in keys for company in (1, 7, 70)}
    assert tidy(names) == Collected()
    assert set(files(root)) == names


def test_an_orphan_is_set_aside_and_deleted_a_day_later(root: Path) -> None:
    key, kept = put(b"nobody's"), put(b"somebody's")
    names = [name_of(1, kept)]
    assert tidy(names) == Collected(set_aside=1)
    assert files(root) == sorted([name_of(1, kept), f"orphans/{name_of(1, key)}"])
    assert tidy(names) == Collected()  # not a day later yet
    age(root / "orphans" / name_of(1, key), LONG_AGO)
    assert tidy(names) == Collected(deleted=1)
    assert files(root) == names


def test_a_young_file_is_left_alone_since_its_row_may_be_on_its_way(root: Path) -> None:
    key = put(b"just received", changed_at=NOW - timedelta(hours=23))
    assert tidy() == Collected()
    assert files(root) == [name_of(1, key)]


def test_a_file_that_a_row_names_just_after_it_was_set_aside_can_still_be_read(root: Path) -> None:
    key = put(b"an old picture")
    assert store.put(1, b"an old picture") == key  # somebody found it there, and will commit a row
    set_aside(root, key, at=NOW)
    assert store.get(1, key) == b"an old picture"
    assert files(root) == [name_of(1, key)]


def test_the_path_for_downloads_brings_it_back_as_well(root: Path) -> None:
    key = put(b"an old picture")
    set_aside(root, key, at=NOW)
    assert store.path(1, key).read_bytes() == b"an old picture"


def test_a_file_that_came_to_be_named_is_brought_back_and_not_deleted(root: Path) -> None:
    key = put(b"an old picture")
    set_aside(root, key, at=LONG_AGO)
    assert tidy([name_of(1, key)], now=DAYS_LATER) == Collected(brought_back=1)
    assert files(root) == [name_of(1, key)]


def test_bytes_that_are_put_again_while_their_twin_is_set_aside_stay(root: Path) -> None:
    key = put(b"an old picture")
    set_aside(root, key, at=LONG_AGO)
    put(b"an old picture")
    assert tidy([name_of(1, key)]) == Collected(brought_back=1)
    assert store.get(1, key) == b"an old picture"
    assert files(root) == [name_of(1, key)]


def test_what_a_killed_writer_left_is_deleted_when_it_is_old(root: Path) -> None:
    key = put(b"whole")
    folder = store.path(1, key).parent
    old, young = folder / f".{key}.00000000", folder / f".{key}.11111111"
    for path, at in ((old, LONG_AGO), (young, NOW - timedelta(minutes=1))):
        path.write_bytes(b"half")
        age(path, at)
    assert tidy([name_of(1, key)]) == Collected(leftovers=1)
    assert young.exists()


def test_an_empty_store_has_nothing_to_tidy() -> None:
    assert tidy() == Collected()


NAMES = st.lists(st.text("0123/ab", min_size=1, max_size=4), unique=True)


@given(NAMES, NAMES)
def test_walking_along_both_lists_finds_exactly_what_is_in_both(stored: list[str], named: list[str]) -> None:
    walked = _with_names((Found(name, NOW) for name in sorted(stored)), sorted(named))
    assert [found.name for found, is_named in walked if is_named] == sorted(set(stored) & set(named))


@given(st.lists(st.integers(1, 10**6), unique=True))
def test_a_disk_lists_its_files_in_the_order_of_their_names(companies: list[int]) -> None:
    folders = [*(str(company) for company in companies), "operator", "orphans"]
    assert sorted(folders) == [name[:-2] for name in sorted(f"{folder}/f" for folder in folders)]
