"""The pages of saved replies, and what the composer is offered."""

from __future__ import annotations

from django.test import Client

from emailhub.desk.models import Ticket
from tests.cast import Cast


def test_a_manager_keeps_them_and_the_composer_gets_them_filled_in(
    cast: Cast, ticket: Ticket, ana: Client, pat: Client
) -> None:
    page = f"/manage/teams/{cast.service.pk}/saved-replies/"
    ana.post(page, {"name": "Greeting", "text": "Hello {contact_name}"})
    assert "Greeting" in ana.get(page).content.decode()
    (found,) = ana.get("/tickets/1/saved-replies/").json()["replies"]
    assert (found["name"], found["text"]) == ("Greeting", "Hello Carla Ruiz")
    assert 'data-tool="saved"' in ana.get("/tickets/1/").content.decode()
    assert pat.get("/tickets/1/saved-replies/").status_code == 404


def test_one_s_own_are_kept_changed_and_taken_away(
    cast: Cast, ticket: Ticket, ana: Client, pat: Client
) -> None:
    ana.post("/saved-replies/", {"name": "Mine", "text": "One"})
    page = ana.get("/saved-replies/").content.decode()
    url = page.split('action="/saved-replies/')[1].split('"')[0]
    assert pat.post(f"/saved-replies/{url}", {"name": "Stolen", "text": "x"}).status_code == 404
    ana.post(f"/saved-replies/{url}", {"name": "Mine", "text": "Two"})
    assert ana.get("/tickets/1/saved-replies/").json()["replies"][0]["text"] == "Two"
    ana.delete(f"/saved-replies/{url}")
    assert ana.get("/tickets/1/saved-replies/").json()["replies"] == []
    assert ana.post("/saved-replies/", {"name": "", "text": "x"}).status_code == 422
