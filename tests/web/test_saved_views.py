"""Lists that are kept under a name: in whose rail they stand, and who takes them away."""

from __future__ import annotations

import pytest
from django.test import Client

from emailhub.accounts.permissions import NotPermittedError
from emailhub.accounts.tenancy import company
from emailhub.desk import saved_views
from emailhub.desk.errors import NoNameError
from emailhub.desk.models import SavedView
from emailhub.desk.saved_views import TooManyViewsError, delete_view, save_view
from tests.cast import Cast

from .conftest import SignIn


def in_rail(client: Client, query: str = "view=open") -> dict[str, bool]:
    rail = client.get(f"/rail/?{query}").context["rail"]
    return {place.label: place.is_current for place in rail.saved}


def test_one_s_own_view_is_in_one_s_own_rail_alone(ana: Client, cast: Cast, sign_in: SignIn) -> None:
    ana.post("/views/", {"name": "Who waits", "list": "view=mine&unanswered=1"})
    assert in_rail(ana) == {"Who waits": False}
    assert in_rail(ana, "view=mine&unanswered=1") == {"Who waits": True}
    assert in_rail(sign_in(cast.ben)) == {}


def test_a_team_s_view_is_in_the_rail_of_who_reads_the_team(ana: Client, cast: Cast, sign_in: SignIn) -> None:
    ana.post("/views/", {"name": "Ours", "list": "view=all", "team": cast.service.pk})
    readers = (cast.ben, cast.vera, cast.olga, cast.pat, cast.frank)
    assert ["Ours" in in_rail(sign_in(who)) for who in readers] == [True, True, True, False, False]


def test_the_page_of_the_list_has_the_view_s_name(ana: Client) -> None:
    ana.post("/views/", {"name": "Who waits", "list": "view=mine&unanswered=1"})
    assert 'id="list-title">Who waits' in ana.get("/tickets/?view=mine&unanswered=1").content.decode()


@pytest.mark.parametrize("query", ["", "//evil.example", "javascript:alert(1)", "view=x&next=/evil"])
def test_nothing_but_a_list_is_kept(ana: Client, cast: Cast, query: str) -> None:
    ana.post("/views/", {"name": "Odd", "list": query})
    with company(cast.dealer.id):
        assert SavedView.objects.get().query == "view=open"


def test_a_team_in_which_one_does_not_work_gets_none(ana: Client, cast: Cast, sign_in: SignIn) -> None:
    for client, team in ((ana, cast.parts), (ana, cast.office), (sign_in(cast.vera), cast.service)):
        answer = client.post("/views/", {"name": "X", "list": "view=all", "team": team.pk})
        assert answer.status_code == 404
    with company(cast.dealer.id):
        assert not SavedView.objects.exists()


def test_who_made_it_and_who_manages_the_team_take_it_away(inside: Cast) -> None:
    views = [save_view("Ours", "view=all", team=inside.service, by=inside.ben) for _ in range(2)]
    with pytest.raises(NotPermittedError):
        delete_view(views[0], by=inside.vera)
    delete_view(views[0], by=inside.ben)
    delete_view(views[1], by=inside.ana)
    assert not SavedView.objects.exists()


def test_it_needs_a_name_and_there_are_not_too_many(inside: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoNameError):
        save_view("  ", "view=all", team=None, by=inside.ben)
    monkeypatch.setattr(saved_views, "AT_MOST", 1)
    save_view("One", "view=all", team=None, by=inside.ben)
    with pytest.raises(TooManyViewsError):
        save_view("Two", "view=all", team=None, by=inside.ben)


def test_to_others_one_s_own_view_does_not_exist(ana: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        view = save_view("Mine", "view=all", team=None, by=cast.ben)
    assert ana.delete(f"/views/{view.pk}/").status_code == 404
