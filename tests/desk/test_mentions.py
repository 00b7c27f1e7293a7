"""Whom a note mentions."""

from __future__ import annotations

import pytest

from emailhub.desk.mentions import mentioned
from emailhub.desk.models import Notification
from emailhub.desk.news import News
from tests.cast import Cast
from tests.desk.test_telling import told, write
from tests.web import desk

NAMES = {1: "Ana", 2: "Ana María Ortiz", 3: "Ben Alonso", 4: "Íñigo Díaz", 5: "Luis Gil", 6: "Luis Pardo"}


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@Ana, can you?", {1}),
        ("@ana maría ortiz can you?", {2}),
        ("(@Ben) and @Íñigo Díaz.", {3, 4}),
        ("@Luis", set()),  # which of the two?
        ("@Luis Gil", {5}),
        ("@Anabel", set()),
        ("write to ben@ana.example or @@Ana", set()),
        ("Ana", set()),
        ("@", set()),
    ],
)
def test_a_mention_is_an_at_before_a_name(text: str, whom: set[int]) -> None:
    assert mentioned(text, NAMES) == whom


def test_a_mention_tells_and_makes_a_follower_of_who_may_read_the_ticket(inside: Cast) -> None:
    ticket = desk.open_ticket(inside.service, inside.carla)
    write(ticket, inside.ana, "<p>@Ben look at page 3, and @Pat, who is of another team, and @Ana</p>")
    assert told() == {("Ben", News.MENTION)}
    assert [row.advisor_id for row in ticket.followers.all()] == [inside.ben.pk]
    write(ticket, inside.ana, "It is done.", later=2)
    assert told() == {("Ben", News.MENTION), ("Ben", News.FOLLOWED)}


def test_a_mention_of_the_assignee_is_told_as_a_mention(inside: Cast) -> None:
    ticket = desk.open_ticket(inside.service, inside.carla, assignee=inside.ben)
    write(ticket, inside.ana, "@Ben?")
    assert [row.kind for row in Notification.objects.all()] == [News.MENTION]
