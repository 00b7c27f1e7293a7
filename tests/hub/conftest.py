"""The post office of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import Cast
from tests.post_office import PostOffice, post_office


@pytest.fixture
def office(committed_cast: Cast) -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened
