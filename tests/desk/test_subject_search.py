"""A ticket is found by the name that it was given later."""

from __future__ import annotations

import pytest
from django.utils import timezone

from emailhub.desk.search import search
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import filed


@pytest.mark.parametrize("words", ["turbocharger", "pump"])
def test_a_renamed_ticket_is_found_by_its_new_and_by_its_old_subject(inside: Cast, words: str) -> None:
    ticket = filed(inside.dealer.id, letter(CARLA, subject="The pump leaks")).ticket
    ticket.change_subject("Turbocharger replacement", by=inside.ana, now=timezone.now())
    assert search(inside.ana, words).tickets == [ticket]
