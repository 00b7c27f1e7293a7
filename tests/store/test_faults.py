"""Files that are not what their rows say."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from emailhub import store
from emailhub.store import Fault, name_of


@pytest.fixture(autouse=True)
def _root(tmp_path: Path, settings: LazySettings) -> None:
    settings.DATA_ROOT = tmp_path


def test_a_whole_store_has_no_faults() -> None:
    names = [name_of(1, store.put(1, b"%d" % number)) for number in range(5)]
    assert list(store.verify(names)) == []


def test_a_missing_and_a_damaged_file_are_told_apart() -> None:
    whole, gone, spoilt = (store.put(1, content) for content in (b"whole", b"gone", b"spoilt"))
    store.path(1, gone).unlink()
    store.path(1, spoilt).write_bytes(b"spoiled")
    assert list(store.verify(name_of(1, key) for key in (whole, gone, spoilt))) == [
        Fault(name_of(1, gone), "missing"),
        Fault(name_of(1, spoilt), "damaged"),
    ]
