"""Segments: labels for contacts."""

from __future__ import annotations

import pytest

from emailhub.accounts.tenancy import company
from emailhub.desk import segments
from emailhub.desk.contacts import create_contact
from emailhub.desk.errors import ContactsNotAllowedError, NoNameError, SegmentTakenError
from emailhub.desk.models import Contact, Segment
from tests.cast import Cast


def names(segment: Segment) -> list[str]:
    return list(segment.contacts.order_by("name").values_list("name", flat=True))


def test_a_name_is_one_segment_in_any_case(inside: Cast) -> None:
    made = segments.create_segment(inside.dealer, "  Tractor   owners ", by=inside.ben)
    assert made.name == "Tractor owners"
    with pytest.raises(SegmentTakenError, match="tractor OWNERS"):
        segments.create_segment(inside.dealer, "tractor OWNERS", by=inside.ben)
    assert segments.find_or_create_segment(inside.dealer.id, "TRACTOR owners") == made


def test_a_segment_needs_a_name(inside: Cast) -> None:
    with pytest.raises(NoNameError):
        segments.create_segment(inside.dealer, "   ", by=inside.ben)


def test_a_renamed_segment_keeps_its_contacts(inside: Cast) -> None:
    made = segments.create_segment(inside.dealer, "Old", by=inside.ben)
    segments.set_segments(inside.carla, [made], by=inside.ben)
    segments.rename_segment(made, "New", by=inside.ben)
    assert names(Segment.objects.get(name="New")) == ["Carla Ruiz"]


def test_many_are_labelled_at_once_and_those_in_it_are_counted_once(inside: Cast) -> None:
    made = segments.create_segment(inside.dealer, "Dairy", by=inside.ben)
    for number in range(3):
        create_contact(inside.dealer, name=f"Cow {number}")
    segments.set_segments(inside.carla, [made], by=inside.ben)
    everybody = Contact.objects.visible_to(inside.ben)
    assert segments.label(everybody, made, by=inside.ben) == 3
    assert segments.label(everybody, made, by=inside.ben) == 0
    assert names(made) == ["Carla Ruiz", "Cow 0", "Cow 1", "Cow 2"]
    assert segments.unlabel(everybody.filter(name__startswith="Cow"), made, by=inside.ben) == 3
    assert names(made) == ["Carla Ruiz"]


def test_without_its_segment_the_contact_stays(inside: Cast) -> None:
    made = segments.create_segment(inside.dealer, "Gone", by=inside.ben)
    segments.set_segments(inside.carla, [made], by=inside.ben)
    segments.delete_segment(made, by=inside.ben)
    assert Contact.objects.filter(pk=inside.carla.pk).exists()
    assert not inside.carla.segments.exists()


def test_who_may_only_read_labels_nobody(inside: Cast) -> None:
    made = segments.create_segment(inside.dealer, "Dairy", by=inside.ben)
    with pytest.raises(ContactsNotAllowedError):
        segments.set_segments(inside.carla, [made], by=inside.vera)
    assert not inside.carla.segments.exists()


def test_two_companies_have_segments_of_the_same_name(cast: Cast) -> None:
    with company(cast.dealer.id):
        segments.create_segment(cast.dealer, "Dairy", by=cast.ben)
    with company(cast.farm.id):
        segments.create_segment(cast.farm, "Dairy", by=cast.frank)
        assert Segment.objects.count() == 1
