"""The list of contacts: by name as people sort it, a page at a time, filtered."""

from __future__ import annotations

import pytest
from django.db import connection

from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import create_contact
from emailhub.desk.directory import Selection, page_of, selected
from emailhub.desk.models import Contact
from emailhub.desk.segments import create_segment, label
from tests.cast import Cast
from tests.conftest import as_owner


def names(cast: Cast, **chosen: object) -> list[str]:
    return [contact.name for contact in page_of(cast.ana, Selection(**chosen)).rows]  # type: ignore[arg-type]


def test_accents_and_capitals_do_not_change_the_order(inside: Cast) -> None:
    for name in ("Zoe", "Álvaro", "alba", "Bruno"):
        create_contact(inside.dealer, name=name)
    assert names(inside) == ["alba", "Álvaro", "Bruno", "Carla Ruiz", "Zoe"]


def test_pages_follow_each_other_without_gaps_also_between_equal_names(inside: Cast) -> None:
    for number in range(7):
        create_contact(inside.dealer, name="Same Name", phone=f"+3460011122{number}")
    seen, after = [], ""
    while True:
        page = page_of(inside.ana, Selection(), after, size=3)
        seen += [contact.pk for contact in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 8


@pytest.mark.parametrize("mark", ["", "x", "_", "-1_a", f"{'9' * 30}_a"])
def test_a_mark_that_somebody_typed_starts_at_the_top(inside: Cast, mark: str) -> None:
    assert len(page_of(inside.ana, Selection(), mark).rows) == 1


def test_a_list_is_filtered_by_words_segment_and_what_is_not_confirmed(inside: Cast) -> None:
    dairy = create_segment(inside.dealer, "Dairy", by=inside.ana)
    for name in ("Gala Mota", "Galo Mora"):
        create_contact(inside.dealer, name=name, address=f"{name[:4].lower()}@garden.example")
    label(Contact.objects.filter(name="Gala Mota"), dairy, by=inside.ana)
    assert names(inside, words="mota gal") == ["Gala Mota"]
    assert names(inside, words="garden.example") == ["Gala Mota", "Galo Mora"]
    assert names(inside, segment_id=dairy.pk) == ["Gala Mota"]
    assert names(inside, segment_id=dairy.pk, words="galo") == []
    assert names(inside, unconfirmed=True) == ["Gala Mota", "Galo Mora"]
    chosen = selected(inside.ana, Selection(unconfirmed=True))
    assert sorted(chosen.values_list("name", flat=True)) == ["Gala Mota", "Galo Mora"]


def test_the_list_ends_at_the_company(cast: Cast) -> None:
    with company(cast.farm.id):
        create_contact(cast.farm, name="Fermín")
        assert [contact.name for contact in page_of(cast.frank, Selection()).rows] == ["Fermín"]
        assert page_of(cast.ana, Selection()).rows == []


def fill(cast: Cast, count: int) -> None:
    with as_owner() as owner:
        owner.execute(
            "INSERT INTO desk_contact (company_id, name, organisation, account_number, language,"
            " shared_sender, created_at) SELECT %s, 'Person ' || md5(n::text), 'Farm ' || n %% 500, '', '',"
            " false, now() FROM generate_series(1, %s) n",
            [cast.dealer.id, count],
        )
        owner.execute("ANALYZE desk_contact")


def test_a_page_of_many_contacts_is_a_walk_along_the_index_and_not_a_sort(committed_cast: Cast) -> None:
    """The deeper page costs what the first one does: what it reads does not grow with what is before it."""
    fill(committed_cast, 20_000)
    with company(committed_cast.dealer.id):
        first = page_of(committed_cast.ana, Selection())
        assert first.next
        read = [_pages_read(committed_cast, mark) for mark in ("", "1_person f", "1_person 8")]
    assert max(read) < 300, read


def _pages_read(cast: Cast, mark: str) -> int:
    """Pages of the database that one page of the list touches."""
    number, _, name = mark.partition("_")
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)"
            " SELECT contact_id FROM list_contacts(%s, '', NULL, false, %s, %s, 51)",
            [cast.dealer.id, name, int(number or 0)],
        )
        plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])
