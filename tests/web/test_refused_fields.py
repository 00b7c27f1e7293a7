"""Fields that no person types end in a sentence, not in an error page, and change nothing."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Activity
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import filed

DEEP = "<div>" * 600 + "x" + "</div>" * 600


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    with company(cast.dealer.id):
        filed(cast.dealer.id, letter(CARLA))
    client.force_login(cast.ana.user)
    return client


@pytest.mark.parametrize("path", ["/search/?q=a%00b", "/people/?q=an%00a", "/tickets/?view=%00"])
def test_a_question_with_nul_is_refused(ana: Client, path: str) -> None:
    assert ana.get(path).status_code == 400


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/tickets/1/notes/", {"text": "a\0b"}),
        ("/tickets/1/subject/", {"subject": "a\0b"}),
        ("/tickets/1/drafts/email/", {"text": "a\0b"}),
    ],
)
def test_a_form_with_nul_is_refused(ana: Client, cast: Cast, path: str, fields: dict[str, str]) -> None:
    assert ana.post(path, fields).status_code == 400
    with company(cast.dealer.id):
        assert not Activity.objects.filter(kind__in=("note", "subject")).exists()


@pytest.mark.parametrize(
    "mark",
    ["9999-12-31T23:59:59+00:00_1", "2026-01-01_5", "x_y", "2026-01-01T00:00:00+00:00_99999999999999999999"],
)
def test_a_mark_that_somebody_typed_starts_at_the_top(ana: Client, mark: str) -> None:
    answer = ana.get("/tickets/", {"view": "open", "after": mark})
    assert answer.status_code == 200
    assert "Carla Ruiz" in answer.content.decode()


@pytest.mark.parametrize("path", ["/tickets/1/notes/", "/tickets/1/replies/"])
def test_html_that_is_too_deep_is_refused_with_a_sentence(ana: Client, cast: Cast, path: str) -> None:
    fields = {"html": DEEP, "to": CARLA, "subject": "x", "key": uuid.uuid4().hex}
    answer = ana.post(path, fields, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "too complex" in answer.content.decode()
    with company(cast.dealer.id):
        assert not Activity.objects.filter(kind__in=("note", "sent")).exists()


def test_a_signature_that_is_too_deep_is_refused_with_a_sentence(ana: Client, cast: Cast) -> None:
    answer = ana.post("/profile/signature/", {"signature_html": DEEP}, follow=True)
    assert "too complex" in answer.content.decode()


def test_what_a_company_sees_is_kept_by_no_cache(ana: Client) -> None:
    assert ana.get("/tickets/1/")["Cache-Control"] == "private, no-store"
