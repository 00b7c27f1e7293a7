"""Manage → EmailHub as managers use it: what a press of a button changes, and what the page says then."""

from __future__ import annotations

import pytest
from django.test import Client

from emailhub.accounts.audit import entries_for
from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.hub.identity import identity_of
from emailhub.hub.models import HubAddress
from tests.cast import Cast
from tests.web.conftest import SignIn


def page_of(client: Client, team: Team) -> str:
    answer = client.get(f"/manage/teams/{team.id}/emailhub/")
    assert answer.status_code == 200
    return answer.content.decode()


def press(client: Client, team: Team, button: str, **fields: str) -> str:
    answer = client.post(f"/manage/teams/{team.id}/emailhub/{button}/", fields, follow=True)
    return answer.content.decode()


def test_a_team_without_email_is_told_its_address_before_it_is_switched_on(
    cast: Cast, sign_in: SignIn
) -> None:
    with company(cast.dealer.id):
        sales = Team.objects.create(company=cast.dealer, name="Sales")
    olga = sign_in(cast.olga)
    before = page_of(olga, sales)
    assert "sales.dealer@<wbr>inbox.example" in before
    assert "known-contacts-only" not in before
    after = press(olga, sales, "switch", on="on")
    assert "sales.dealer@<wbr>inbox.example" in after
    assert "Sender address" in after
    with company(cast.dealer.id):
        assert HubAddress.objects.get(team=sales).is_sender


def test_switched_off_the_page_says_what_becomes_of_mail(ana: Client, cast: Cast) -> None:
    page = press(ana, cast.service, "switch")
    assert "EmailHub is off for this team" in page
    assert "The addresses stay this team's." in page
    assert cast.service_address.replace("@", "@<wbr>") in page


def test_a_new_address_is_generated_and_made_the_sender(ana: Client, cast: Cast) -> None:
    press(ana, cast.service, "addresses")
    with company(cast.dealer.id):
        new = HubAddress.objects.get(address="service.dealer-2@inbox.example")
    page = press(ana, cast.service, "sender", address=str(new.pk))
    assert "Mail leaves with service.dealer-2@inbox.example from now on" in page
    with company(cast.dealer.id):
        assert HubAddress.objects.get(team=cast.service, is_sender=True) == new
        told = [(entry.kind, entry.changes) for entry in entries_for(cast.ana)]
    assert told == [
        ("emailhub", {"sender": [cast.service_address, new.address]}),
        ("address", {}),
    ]


def test_an_unproved_address_stands_there_with_its_reason_and_is_refused(ana: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        theirs = HubAddress.objects.create(
            company=cast.dealer, team=cast.service, address="support@dealer.example", kind="company"
        )
    assert "nobody has proved that mail may leave with it" in page_of(ana, cast.service)
    answer = ana.post(f"/manage/teams/{cast.service.id}/emailhub/sender/", {"address": theirs.pk})
    assert answer.status_code == 422
    assert b"support@dealer.example cannot be the sender address yet" in answer.content
    with company(cast.dealer.id):
        assert HubAddress.objects.get(team=cast.service, is_sender=True).address == cast.service_address


def test_another_team_s_address_cannot_be_named_as_the_sender(ana: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        parts = HubAddress.objects.get(team=cast.parts)
    path = f"/manage/teams/{cast.service.id}/emailhub/sender/"
    assert ana.post(path, {"address": parts.pk}).status_code == 404
    assert ana.post(path, {"address": "not a number"}).status_code == 404


def test_a_renamed_team_is_offered_an_address_of_its_new_name(ana: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        Team.objects.filter(pk=cast.service.pk).update(name="Workshop")
    page = page_of(ana, cast.service)
    assert "workshop.dealer@inbox.example" in page
    assert "from when the team was called Service" in page


def test_the_from_line_is_shown_as_it_will_leave_while_it_is_typed(ana: Client, cast: Cast) -> None:
    path = f"/manage/teams/{cast.service.id}/emailhub/display-name/"
    shown = ana.get(path, {"name": "{advisor} via {team}"}).content.decode()
    assert "<b>Ana via Service</b>" in shown
    assert "Automatic replies: Dealer Group" in shown
    assert "looks like a forged address" in ana.get(path, {"name": "a@b.example"}).content.decode()
    with company(cast.dealer.id):
        identity = identity_of(cast.service)
    assert identity and identity.display_name == ""


def test_a_refused_name_stays_in_its_field_and_is_not_stored(ana: Client, cast: Cast) -> None:
    answer = ana.post(
        f"/manage/teams/{cast.service.id}/emailhub/display-name/", {"name": "boss@bank.example"}
    )
    assert answer.status_code == 422
    assert b'value="boss@bank.example"' in answer.content
    assert b'aria-invalid="true"' in answer.content


@pytest.mark.parametrize(
    ("button", "field"),
    [
        ("known-contacts-only", "known_contacts_only"),
        ("automatic-names", "display_name_in_automatic_replies"),
    ],
)
def test_the_toggles_are_kept_and_the_audit_says_before_and_after(
    ana: Client, cast: Cast, button: str, field: str
) -> None:
    for fields, expected in (({"on": "on"}, True), ({}, False)):
        press(ana, cast.service, button, **fields)
        with company(cast.dealer.id):
            assert getattr(identity_of(cast.service), field) is expected
            entry = entries_for(cast.ana).first()
            assert entry and entry.changes == {field: [not expected, expected]}


def test_advisors_of_the_team_see_it_without_a_button(cast: Cast, sign_in: SignIn) -> None:
    page = page_of(sign_in(cast.ben), cast.service)
    hub = page[page.index('id="hub"') :]
    assert "The team's managers change them." in hub
    assert '<button class="button' not in hub[: hub.index("</main>")]


def test_manage_leads_an_advisor_to_the_pages_that_they_may_look_at(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.ben).get("/manage/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/manage/teams/{cast.service.id}/emailhub/"
    menu = answer.content.decode().split('class="page-menu"')[1].split("</nav>")[0]
    assert "EmailHub rules" in menu
    assert "Members" not in menu
    assert sign_in(cast.vera).get("/manage/").status_code == 403


def test_a_setting_of_a_team_without_email_is_refused_with_a_sentence(cast: Cast, sign_in: SignIn) -> None:
    with company(cast.dealer.id):
        sales = Team.objects.create(company=cast.dealer, name="Sales")
    olga = sign_in(cast.olga)
    for button in ("known-contacts-only", "automatic-names", "display-name", "addresses"):
        answer = olga.post(f"/manage/teams/{sales.id}/emailhub/{button}/", {"on": "on", "name": "x"})
        assert answer.status_code == 422
        assert b"Switch EmailHub on for this team first." in answer.content
