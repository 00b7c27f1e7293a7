"""What administrators and managers do on their pages."""

from __future__ import annotations

import io

import pytest
from django.core import mail
from django.test import Client

from emailhub.accounts.models import Advisor, AuditEntry, Invitation, Membership, Team
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from emailhub.hub.hours import hours_of
from emailhub.hub.models import Holiday, HubAddress
from tests.cast import Cast
from tests.web.conftest import SignIn

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def olga(cast: Cast, sign_in: SignIn) -> Client:
    """Administrator."""
    return sign_in(cast.olga)


def test_manage_begins_at_the_first_page_that_one_may_manage(ana: Client, cast: Cast) -> None:
    assert ana.get("/manage/")["Location"] == f"/manage/teams/{cast.service.pk}/emailhub/"


def test_a_manager_of_one_team_sees_no_other_teams_and_no_company_pages(ana: Client, cast: Cast) -> None:
    page = ana.get(f"/manage/teams/{cast.service.pk}/members/").content.decode()
    assert "/manage/company/" not in page
    assert f"/manage/teams/{cast.parts.pk}/" not in page
    assert "/manage/invitations/" in page


def test_an_administrator_chooses_among_all_teams(olga: Client, cast: Cast) -> None:
    page = olga.get(f"/manage/teams/{cast.service.pk}/hours/").content.decode()
    assert f"/manage/teams/{cast.parts.pk}/hours/" in page  # the same page of the other team
    assert "/manage/company/" in page


def test_a_new_team_has_its_address_at_once(olga: Client, cast: Cast) -> None:
    answer = olga.post("/manage/teams/", {"name": "Ventas", "has_email": "on"})
    with company(cast.dealer.id):
        team = Team.objects.get(name="Ventas")
        assert answer["Location"] == f"/manage/teams/{team.pk}/members/"
        assert HubAddress.objects.get(team=team).address == "ventas.dealer@inbox.example"
        olga.post("/manage/teams/", {"name": "Quiet"})
        assert not HubAddress.objects.filter(team__name="Quiet").exists()


def test_who_leaves_is_asked_about_and_the_tickets_go_to_the_chosen_one(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        Ticket.objects.update(assignee=cast.ben)
    path = f"/manage/teams/{cast.service.pk}/members/{cast.ben.pk}/"
    page = ana.get(path).content.decode()
    assert "1 open ticket is theirs" in page
    assert f'name="heir" value="{cast.ana.pk}"' in page
    ana.post(path, {"_method": "DELETE", "heir": cast.ana.pk})
    with company(cast.dealer.id):
        assert Ticket.objects.get().assignee == cast.ana
        assert not Membership.objects.filter(advisor=cast.ben).exists()


def test_an_heir_who_is_not_offered_gets_nothing(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        Ticket.objects.update(assignee=cast.ben)
    path = f"/manage/teams/{cast.service.pk}/members/{cast.ben.pk}/"
    ana.post(path, {"_method": "DELETE", "heir": cast.pat.pk})
    with company(cast.dealer.id):
        assert Ticket.objects.get().assignee is None


def test_who_is_removed_is_out_with_the_next_click(olga: Client, cast: Cast, sign_in: SignIn) -> None:
    ben = sign_in(cast.ben)
    assert ben.get("/tickets/").status_code == 200
    olga.post(f"/manage/advisors/{cast.ben.pk}/activity/", {"_method": "DELETE"})
    assert ben.get("/tickets/")["Location"].startswith("/account/login/")
    olga.post(f"/manage/advisors/{cast.ben.pk}/activity/")
    with company(cast.dealer.id):
        assert Advisor.objects.get(pk=cast.ben.pk).is_active


def test_the_last_administrator_is_told_why_they_stay(olga: Client, cast: Cast) -> None:
    answer = olga.post(f"/manage/advisors/{cast.olga.pk}/role/", {"role": "advisor"}, follow=True)
    assert "needs an administrator" in answer.content.decode()


def test_the_week_is_stored_as_it_stands_in_the_form(ana: Client, cast: Cast) -> None:
    path = f"/manage/teams/{cast.service.pk}/hours/"
    week = {"0-0-from": "08:00", "0-0-to": "13:00", "0-1-from": "15:00", "0-1-to": "00:00"}
    assert ana.post(path, week).status_code == 302
    shown = ana.get(path).content.decode()
    for name, value in week.items():
        assert f'name="{name}" value="{value}"' in shown
    with company(cast.dealer.id):
        assert len(hours_of(cast.service).periods) == 2


@pytest.mark.parametrize("until", ["", "07:00", "25:99", "nonsense"])
def test_a_stretch_that_is_none_is_refused_and_stays_in_the_form(ana: Client, cast: Cast, until: str) -> None:
    path = f"/manage/teams/{cast.service.pk}/hours/"
    answer = ana.post(path, {"2-0-from": "08:00", "2-0-to": until})
    assert answer.status_code == 422
    assert 'name="2-0-from" value="08:00"' in answer.content.decode()


def test_a_holiday_is_added_and_taken_away(ana: Client, cast: Cast) -> None:
    base = f"/manage/teams/{cast.service.pk}"
    ana.post(f"{base}/holidays/", {"on": "2099-12-25", "name": "Navidad"})
    ana.post(f"{base}/holidays/", {"on": "soon"})
    assert "Navidad" in ana.get(f"{base}/hours/").content.decode()
    with company(cast.dealer.id):
        holiday = Holiday.objects.get()
    ana.post(f"{base}/holidays/{holiday.pk}/", {"_method": "DELETE"})
    with company(cast.dealer.id):
        assert not Holiday.objects.exists()


def test_a_deleted_teams_addresses_and_tickets_are_named_and_inherited(
    olga: Client, cast: Cast, ticket: Ticket
) -> None:
    path = f"/manage/teams/{cast.service.pk}/removal/"
    page = olga.get(path).content.decode()
    assert cast.service_address.replace("@", "@<wbr>") in page
    assert olga.post(path, {"heir": ""}).status_code == 422
    assert olga.post(path, {"heir": cast.parts.pk})["Location"] == "/manage/teams/"
    assert olga.get(path).status_code == 404
    with company(cast.dealer.id):
        assert Ticket.objects.get().team == cast.parts


@pytest.mark.parametrize(
    ("content", "is_taken"),
    [(PNG, True), (b"<svg onload=alert(1)>", False), (b"", False), (PNG + b"\0" * 1_000_000, False)],
)
def test_a_logo_is_a_small_picture_of_pixels(
    olga: Client, ana: Client, content: bytes, is_taken: bool
) -> None:
    olga.post("/manage/company/logo/", {"logo": io.BytesIO(content)})
    assert ("/company/logo/" in ana.get("/tickets/").content.decode()) is is_taken
    answer = ana.get("/company/logo/")
    assert answer.status_code == (200 if is_taken else 404)
    if is_taken:
        assert answer["Content-Type"] == "image/png"
        olga.post("/manage/company/logo/", {"_method": "DELETE"})
        assert ana.get("/company/logo/").status_code == 404


def test_a_slug_that_is_taken_is_refused_in_words(olga: Client, cast: Cast) -> None:
    fields = {"name": "Dealer Group", "slug": "Farm", "language": "en", "time_zone": "Europe/Madrid"}
    answer = olga.post("/manage/company/", fields)
    assert answer.status_code == 422
    assert "“farm” already" in answer.content.decode()
    olga.post("/manage/company/", {**fields, "slug": "Der Händler"})
    cast.dealer.refresh_from_db()
    assert cast.dealer.slug == "der-handler"
    assert not cast.dealer.managers_read_all  # a box that is not ticked


def test_many_are_invited_after_a_look_at_the_list(ana: Client, cast: Cast) -> None:
    text = "nora@x.example, Nora\nnobody\nhugo@x.example"
    fields = {"list": text, "team": cast.service.pk}
    page = ana.post("/manage/invitations/bulk/", fields).content.decode()
    assert "2 invitations can be sent" in page
    assert "1 row cannot" in page
    assert not mail.outbox
    ana.post("/manage/invitations/bulk/", {**fields, "confirmed": "1"})
    assert [message.to for message in mail.outbox] == [["nora@x.example"], ["hugo@x.example"]]


def test_a_csv_file_of_a_spreadsheet_is_read_in_either_encoding(ana: Client, cast: Cast) -> None:
    for encoding in ("utf-8-sig", "cp1252"):
        file = io.BytesIO("Nombre;Correo\nIñigo Peña;inigo@x.example\n".encode(encoding))
        file.name = "people.csv"
        page = ana.post("/manage/invitations/bulk/", {"file": file, "team": cast.service.pk})
        assert "Iñigo Peña" in page.content.decode()
        assert "1 invitation can be sent" in page.content.decode()


def test_an_invitation_is_sent_again_and_withdrawn(ana: Client, cast: Cast) -> None:
    ana.post("/manage/invitations/", {"email": "n@x.example", "role": "advisor", "team": cast.service.pk})
    with company(cast.dealer.id):
        invitation = Invitation.objects.get()
    ana.post(f"/manage/invitations/{invitation.pk}/sendings/")
    assert len(mail.outbox) == 2
    ana.post(f"/manage/invitations/{invitation.pk}/", {"_method": "DELETE"})
    assert ana.post(f"/manage/invitations/{invitation.pk}/sendings/").status_code == 404
    ana.get("/manage/invitations/")  # its toasts name the address once
    assert "n@x.example" not in ana.get("/manage/invitations/").content.decode()


def test_the_audit_shows_what_was_changed_and_is_filtered(olga: Client, ana: Client, cast: Cast) -> None:
    ana.post(f"/manage/teams/{cast.service.pk}/", {"name": "Workshop", "is_hidden": "on"})
    olga.post("/manage/teams/", {"name": "Ventas"})
    page = olga.get("/manage/audit/").content.decode()
    assert "<del>Service</del> → <ins>Workshop</ins>" in page
    assert "<del>no</del> → <ins>yes</ins>" in page
    for query, has_both in (
        ("q=ana", False),
        ("kind=team", True),
        ("kind=rule", None),
        ("from=2999-01-01", None),
        ("to=2999-01-01", True),
        ("from=nonsense&before=x", True),
    ):
        shown = olga.get(f"/manage/audit/?{query}").content.decode()
        assert ("<ins>Workshop</ins>" in shown) is (has_both is not None), query
        assert ("Ventas</b>" in shown) is bool(has_both), query
    assert "Ventas</b>" not in ana.get("/manage/audit/").content.decode()


def test_a_long_audit_goes_on_with_older_entries(olga: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        for number in range(60):
            AuditEntry.objects.create(
                company=cast.dealer,
                at="2026-11-24T12:00Z",
                kind="team",
                action="added",
                what=f"Team {number}",
            )
    first = olga.get("/manage/audit/").content.decode()
    assert "Team 59<" in first
    assert "Team 9<" not in first
    with company(cast.dealer.id):
        mark = AuditEntry.objects.get(what="Team 10").pk
    assert f"before={mark}" in first
    assert "Team 9<" in olga.get(f"/manage/audit/?before={mark}").content.decode()


def test_the_first_steps_say_which_of_them_are_done(olga: Client, cast: Cast) -> None:
    page = olga.get("/manage/start/").content.decode()
    assert cast.service_address.replace("@", "@<wbr>") in page
    assert page.count('class="step done"') == 1  # colleagues there are


def test_who_is_in_several_teams_chooses_the_usual_one(cast: Cast, sign_in: SignIn) -> None:
    ben = sign_in(cast.ben)
    assert 'name="default_team"' not in ben.get("/profile/").content.decode()  # there is nothing to choose
    with company(cast.dealer.id):
        Membership.objects.create(company=cast.dealer, team=cast.parts, advisor=cast.ben)
    fields = {"name": "Ben", "language": "en", "time_zone": "Europe/Madrid"}
    assert ben.post("/profile/", {**fields, "default_team": cast.parts.pk}).status_code == 302
    assert ben.post("/profile/", {**fields, "default_team": cast.office.pk}).status_code == 422
    with company(cast.dealer.id):
        assert Advisor.objects.get(pk=cast.ben.pk).default_team == cast.parts


def test_a_manager_is_shown_the_way_to_remove_only_who_is_theirs_alone(ana: Client, cast: Cast) -> None:
    path = f"/manage/teams/{cast.service.pk}/members/{cast.ben.pk}/"
    way = f"/manage/advisors/{cast.ben.pk}/activity/"
    assert way in ana.get(path).content.decode()
    assert ana.get(way).status_code == 200
    with company(cast.dealer.id):
        Membership.objects.create(company=cast.dealer, team=cast.parts, advisor=cast.ben)
    assert way not in ana.get(path).content.decode()
    assert ana.get(way).status_code == 403
