"""Stored bytes, and what is no name of any."""

from __future__ import annotations

import pytest

from emailhub import store


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
