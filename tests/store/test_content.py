"""Stored bytes, and what is no name of any."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from emailhub import store


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA_ROOT = tmp_path
    return tmp_path / "files"


def test_what_was_put_is_got_by_its_key() -> None:
    key = store.put(1, b"the pump leaks")
    assert store.get(1, key) == b"the pump leaks"
    with pytest.raises(store.MissingError):
        store.get(2, key)


@pytest.mark.parametrize(
    "key", ["", "../../../../etc/passwd", "/etc/passwd", "0" * 63 + "/", "0" * 64 + "\n"]
)
def test_a_row_cannot_name_another_file(key: str) -> None:
    with pytest.raises(store.MissingError, match="is no key"):
        store.path(1, key)


def test_the_same_bytes_are_one_file_a_company(root: Path) -> None:
    keys = {store.put(company, b"the pump leaks") for company in (1, 1, 2, None)}
    assert len(keys) == 1
    (key,) = keys
    assert sorted(path.relative_to(root).parts[0] for path in root.rglob(key)) == ["1", "2", "operator"]


def test_only_we_may_read_what_is_stored(root: Path) -> None:
    path = store.path(1, store.put(1, b"the pump leaks"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in path.parents if root in folder.parents} == {0o700}


def test_nothing_is_left_of_a_write_that_failed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("emailhub.store.disk.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(1, b"the pump leaks")
    assert [path for path in root.rglob("*") if path.is_file()] == []
