"""The page of a ticket: its tabs, its details, what it lets whom do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import add_phone, create_contact
from emailhub.desk.models import Seen, Ticket
from tests.cast import Cast

from . import desk
from .conftest import SignIn


def page_of(client: Client, query: str = "") -> str:
    answer = client.get(f"/tickets/1/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_all_activity_is_the_first_tab_and_the_chosen_one(ana: Client, ticket: Ticket) -> None:
    page = page_of(ana)
    tabs = [page.index(f'id="tab-{name}"') for name in ("all", "contact", "files", "details")]
    assert tabs == sorted(tabs)
    assert 'id="tab-all" href="/tickets/1/?view=open" aria-selected="true"' in page
    assert "It drips since Monday." in page


@pytest.mark.parametrize("path", ["", "details/", "head/", "activities/?after=0"])
def test_it_does_not_exist_for_other_teams_and_companies(
    pat: Client, frank: Client, ticket: Ticket, path: str
) -> None:
    assert pat.get(f"/tickets/1/{path}").status_code == 404
    assert frank.get(f"/tickets/1/{path}").status_code == 404


def test_a_ticket_that_nobody_has_is_not_found(ana: Client, cast: Cast) -> None:
    assert ana.get("/tickets/99/").status_code == 404


def test_each_company_counts_its_own_tickets(frank: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.farm.id):
        farmer = create_contact(cast.farm, name="Fermín", address="fermin@field.example")
        assert desk.open_ticket(cast.office, farmer, "The tractor").number == 1
    assert "The tractor" in page_of(frank)
    assert "The pump leaks" not in page_of(frank)


def test_the_details_name_contact_status_team_and_advisor(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        add_phone(cast.carla, "+34 600 555 214")
        ticket.assign(cast.ben, by=cast.ana, now=timezone.now())
    page = ana.get("/tickets/1/details/").content.decode()
    for words in ("#1", "Open", "Ben", "Service", "Carla Ruiz", "carla@customer.example", "+34 600 55 52 14"):
        assert words in page


def test_a_view_only_advisor_sees_it_and_can_change_nothing(
    cast: Cast, sign_in: SignIn, ticket: Ticket
) -> None:
    page = page_of(sign_in(cast.vera))
    assert "It drips since Monday." in page
    assert "close-form" not in page
    assert "assignee-menu" not in page


def test_opening_it_marks_it_as_seen(ana: Client, cast: Cast, ticket: Ticket) -> None:
    page_of(ana)
    with company(cast.dealer.id):
        assert Seen.objects.get(advisor=cast.ana).activity_id == ticket.last_activity_id


def test_another_tab_does_not_mark_it_as_seen(ana: Client, cast: Cast, ticket: Ticket) -> None:
    page_of(ana, "?tab=details")
    with company(cast.dealer.id):
        assert not Seen.objects.exists()


def test_the_contact_tab_lists_the_contacts_other_tickets_that_one_may_read(
    ana: Client, cast: Cast, sign_in: SignIn, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        desk.open_ticket(cast.service, cast.carla, "An older matter")
        desk.open_ticket(cast.parts, cast.carla, "A matter of Parts")
    own = page_of(sign_in(cast.ben), "?tab=contact")
    assert "An older matter" in own
    assert "A matter of Parts" not in own
    assert "A matter of Parts" in page_of(ana, "?tab=contact")  # managers read all teams here


def test_linked_tickets_stand_in_the_details(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        follow_up = desk.open_ticket(cast.service, cast.carla, "Leaks again")
        Ticket.objects.filter(pk=follow_up.pk).update(follow_up_of=ticket)
    related = ana.get("/tickets/1/").context["related"]
    assert [other.subject for other in related.linked] == ["Leaks again"]


def test_the_attachments_tab_gathers_the_files_without_pictures_in_text(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        activity = desk.receive(ticket, html='<p>See <img src="cid:logo"></p>')
        desk.attach(activity, "hours.pdf", b"%PDF-1.7", "application/pdf")
        desk.attach(activity, "logo.png", desk.PNG, "image/png", content_id="logo", is_inline=True)
    page = page_of(ana, "?tab=files")
    assert "hours.pdf" in page
    assert "logo.png" not in page


def test_the_details_tab_shows_the_column_again_for_narrow_windows(ana: Client, ticket: Ticket) -> None:
    page = page_of(ana, "?tab=details")
    assert 'id="tab-status-menu"' in page
    assert 'id="status-menu"' in page


def test_the_list_stays_beside_it(ana: Client, cast: Cast, ticket: Ticket) -> None:
    page = page_of(ana, f"?view=unassigned&team={cast.service.pk}")
    assert f"view=unassigned&amp;team={cast.service.pk}" in page
    assert 'aria-current="true"' in page


def test_no_name_of_another_script_or_style_is_in_the_page(ana: Client, ticket: Ticket) -> None:
    page = page_of(ana)
    assert " style=" not in page
    assert " onclick=" not in page


class TestEditedInPlace:
    def test_the_subject_form_opens_by_its_link_without_script(self, ana: Client, ticket: Ticket) -> None:
        page = page_of(ana, "?edit=subject")
        assert 'id="ticket-subject" data-editable data-open' in page

    def test_a_script_gets_the_changed_piece(self, ana: Client, ticket: Ticket) -> None:
        answer = ana.post(
            "/tickets/1/subject/", {"subject": "The seal leaks"}, headers={"hx-request": "true"}
        )
        assert answer.content.decode().startswith('<div class="grow editable" id="ticket-subject"')
        assert "The seal leaks" in answer.content.decode()

    def test_the_summary_keeps_its_lines_and_no_markup(self, ana: Client, ticket: Ticket) -> None:
        answer = ana.post(
            "/tickets/1/summary/", {"summary": "Terra 880\n<b>drips</b>"}, headers={"hx-request": "true"}
        )
        assert "Terra 880<br>&lt;b&gt;drips&lt;/b&gt;" in answer.content.decode()
