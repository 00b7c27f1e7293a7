"""/manage/teams/1/chat/: a manager connects a gateway, which is asked at once about the account."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection
from emailhub.desk.chat_lines import line_of
from emailhub.desk.models import ChatKind
from tests.cast import Cast
from tests.channels.texting.gateway import running
from tests.texting_lines import ACCOUNT, OURS, TOKEN

FORM = {"account": ACCOUNT, "token": TOKEN, "sms": "910 000 001", "whatsapp": ""}


def test_a_gateway_is_connected_tried_and_let_go(
    cast: Cast, ana: Client, pat: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EGRESS_ALLOWED", ["127.0.0.1"])
    path = reverse("manage_chat", args=[cast.service.pk])
    assert pat.get(path).status_code == 404
    refused = ana.post(path, {**FORM, "account": "AC1"})
    assert (refused.status_code, "begins with AC" in refused.content.decode()) == (422, True)
    with running() as gateway:
        monkeypatch.setattr("emailhub.channels.texting.account.API", gateway.url)
        assert "The gateway knows the account" in ana.post(path, FORM, follow=True).content.decode()
        wrong = ana.post(path, {**FORM, "token": "another"}, follow=True).content.decode()
        assert "The gateway does not accept the account" in wrong
        again = ana.post(path, {**FORM, "token": TOKEN}, follow=True).content.decode()
        assert "It works" in again
        with company(cast.dealer.id):
            Connection.objects.update(last_in_at=timezone.now())
        assert ana.get(path).content.decode().count("<dd>never</dd>") == 1  # received, and nothing sent
        assert TOKEN not in again.replace(ACCOUNT, "")
        assert f"/webhooks/texting/{cast.dealer.pk}/" in again
    with company(cast.dealer.id):
        connection = Connection.objects.get()
        assert TOKEN.encode() not in bytes(connection.sealed)
    elsewhere = ana.post(path, {**FORM, "token": "", "api": "https://gateway.example"})
    assert (elsewhere.status_code, "account&#x27;s token" in elsewhere.content.decode()) == (422, True)
    assert ana.post(path, {**FORM, "api": "https://["}).status_code == 422
    with company(cast.dealer.id):
        line = line_of(cast.service, ChatKind.SMS)
        assert line is not None
        assert (line.number, line_of(cast.parts, ChatKind.SMS)) == (OURS, None)
    ana.post(path, {"_method": "DELETE"})
    with company(cast.dealer.id):
        assert line_of(cast.service, ChatKind.SMS) is None
        assert not Connection.objects.get().secrets
