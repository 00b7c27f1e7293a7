"""Several works in one loop of the worker."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from emailhub.cli.loop import in_turn


def fails() -> int:
    raise ValueError("one row that cannot be worked on")


def loses_the_database() -> int:
    raise OperationalError("gone")


def test_a_work_that_fails_keeps_none_behind_it_waiting() -> None:
    assert in_turn(fails, lambda: 2)() == 2


def test_one_that_always_finds_something_keeps_none_behind_it_waiting() -> None:
    assert in_turn(lambda: 1, lambda: 2)() == 3


def test_a_lost_database_is_not_the_works_fault_and_ends_the_round() -> None:
    with pytest.raises(OperationalError):
        in_turn(loses_the_database, fails)()
