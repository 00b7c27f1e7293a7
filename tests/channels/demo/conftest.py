"""A listener of our own on a free port, as `post` finds it, and the dealer's company made a demo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emailhub.accounts.models import Company
from emailhub.channels.smtp.receive import Listener
from tests.cast import Cast


@pytest.fixture
def demo(committed_cast: Cast) -> Cast:
    """The cast, committed; the dealer is a company of the demo, the farm is a real one."""
    Company.objects.filter(pk=committed_cast.dealer.pk).update(is_demo=True)
    return committed_cast


@pytest.fixture
def listener(demo: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    started = Listener(host="127.0.0.1", smtp_port=0)
    started.start()
    monkeypatch.setenv("EMAILHUB_SMTP_PORT", str(started.smtp_port))
    yield started
    started.stop(within=0)
