"""Tags on tickets: who puts them on, what lists and searches make of them, and what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emailhub.accounts.permissions import NotPermittedError
from emailhub.accounts.tenancy import company
from emailhub.desk.errors import NoNameError, NotAllowedError
from emailhub.desk.models import Tag, Ticket
from emailhub.desk.tags import (
    TagTakenError,
    add_tag,
    change_tag,
    create_tag,
    delete_tag,
    remove_tag,
    tag_named,
)
from emailhub.web.events import event_sentence
from tests.cast import Cast

from . import desk

NOW = timezone.now()


def test_a_tag_is_put_on_once_and_taken_off_once_and_each_is_told(inside: Cast) -> None:
    ticket, tag = desk.open_ticket(inside.service, inside.carla), tag_named(inside.dealer, "Warranty")
    assert [add_tag(ticket, tag, by=inside.ben, now=NOW) for _ in range(2)] == [True, False]
    assert [remove_tag(ticket, tag, by=inside.ana, now=NOW) for _ in range(2)] == [True, False]
    told = ticket.activities.filter(kind="tagged").select_related("advisor__user").order_by("id")
    assert [event_sentence(activity) for activity in told] == [
        "<b>Ben</b> added the tag <b>Warranty</b>",
        "<b>Ana</b> took off the tag <b>Warranty</b>",
    ]


def test_one_name_is_one_tag_in_any_case(inside: Cast) -> None:
    tag = tag_named(inside.dealer, "  Warranty   claim ")
    assert tag_named(inside.dealer, "WARRANTY CLAIM") == tag
    with pytest.raises(TagTakenError):
        create_tag(inside.dealer, "warranty claim", "ok", by=inside.ana)
    with pytest.raises(NoNameError):
        tag_named(inside.dealer, "  ")


def test_who_only_reads_tags_nothing_and_who_manages_nothing_names_none(inside: Cast) -> None:
    ticket, tag = desk.open_ticket(inside.service, inside.carla), tag_named(inside.dealer, "Warranty")
    with pytest.raises(NotAllowedError):
        add_tag(ticket, tag, by=inside.vera, now=NOW)
    for verb in (lambda: change_tag(tag, "X", "ok", by=inside.ben), lambda: delete_tag(tag, by=inside.ben)):
        with pytest.raises(NotPermittedError):
            verb()


def test_a_colour_that_is_none_of_ours_is_grey(inside: Cast) -> None:
    assert create_tag(inside.dealer, "Odd", "url(evil)", by=inside.ana).tone == Tag.Tone.GREY


def test_a_tag_that_is_deleted_leaves_its_tickets(inside: Cast) -> None:
    ticket, tag = desk.open_ticket(inside.service, inside.carla), tag_named(inside.dealer, "Warranty")
    add_tag(ticket, tag, by=inside.ana, now=NOW)
    delete_tag(tag, by=inside.ana)
    assert Ticket.objects.filter(pk=ticket.pk).exists()
    assert not ticket.ticket_tags.exists()


class TestPages:
    def test_a_new_tag_is_typed_on_the_ticket_and_shown_on_its_row(self, ana: Client, ticket: Ticket) -> None:
        ana.post("/tickets/1/tags/?view=open", {"name": "Warranty"})
        page = ana.get("/tickets/1/").content.decode()
        assert 'aria-label="Take off Warranty"' in page  # in the details
        assert '<span class="tag cut grey">Warranty</span>' in page  # in the list

    def test_lists_and_searches_are_filtered_by_it(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            tag = tag_named(cast.dealer, "Warranty")
            add_tag(ticket, tag, by=cast.ana, now=NOW)
            desk.receive(desk.open_ticket(cast.service, cast.carla, "The clutch slips"))
        for url in (f"/tickets/?tag={tag.pk}", f"/search/?tag={tag.pk}", f"/search/?q=carla&tag={tag.pk}"):
            page = ana.get(url).content.decode()
            assert "The pump leaks" in page, url
            assert "The clutch slips" not in page, url

    def test_a_tag_of_another_company_is_not_found(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.farm.id):
            theirs = tag_named(cast.farm, "Harvest")
        assert ana.post("/tickets/1/tags/", {"tag": theirs.pk}).status_code == 404
        assert "The pump leaks" not in ana.get(f"/tickets/?tag={theirs.pk}").content.decode()

    def test_managers_name_colour_and_delete_them(self, ana: Client, cast: Cast) -> None:
        ana.post("/manage/tags/", {"name": "Warranty", "tone": "warn"})
        with company(cast.dealer.id):
            tag = Tag.objects.get()
        assert '<span class="tag warn">Warranty</span>' in ana.get("/manage/tags/").content.decode()
        assert ana.post("/manage/tags/", {"name": "warranty"}).status_code == 422
        ana.post(f"/manage/tags/{tag.pk}/", {"_method": "DELETE"})
        assert "No tags yet" in ana.get("/manage/tags/").content.decode()

    def test_many_tags_cost_a_list_no_more_questions(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        def asked() -> int:
            ana.get("/tickets/")
            with CaptureQueriesContext(connection) as captured:
                ana.get("/tickets/")
            return len(captured)

        before = asked()
        with company(cast.dealer.id):
            for number in range(4):
                other = desk.open_ticket(cast.service, cast.carla)
                for one in (ticket, other):
                    add_tag(one, tag_named(cast.dealer, f"Tag {number}"), by=cast.ana, now=NOW)
        assert asked() == before
