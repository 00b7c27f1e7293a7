from __future__ import annotations

import importlib

import pytest
from django.conf import settings
from django.db import transaction

from emailhub.accounts.models import Company, User
from emailhub.cli import demo
from emailhub.cli.demo.fill import NotForDemoError
from tests.cast import Cast


def test_an_interrupted_filling_leaves_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    filling = importlib.import_module("emailhub.cli.demo.fill")
    monkeypatch.setattr(filling, "_read_what_is_older", die)
    monkeypatch.setattr(filling.Stage, "play", lambda _: [])
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        demo.fill()
    assert not Company.objects.exists()
    assert not User.objects.exists()


def test_the_demo_is_not_mixed_with_real_companies(cast: Cast) -> None:
    with pytest.raises(NotForDemoError, match="real companies"):
        demo.fill()
    assert Company.objects.count() == 2


def test_the_demo_refuses_a_mail_domain_of_others(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAIL_DOMAIN", "mail.dealer.test")
    with pytest.raises(NotForDemoError, match=r"mail\.dealer\.test"):
        demo.fill()
