"""Saved replies: whose they are, and what stands in them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from emailhub.accounts.permissions import NotPermittedError
from emailhub.desk import saved_replies
from emailhub.desk.models import SavedReply
from tests.cast import Cast
from tests.web import desk

NOW = timezone.now()


def test_a_ticket_is_answered_with_its_team_s_and_one_s_own(inside: Cast) -> None:
    for name, team, by in [
        ("Hours", inside.service, inside.ana),
        ("Prices", inside.parts, inside.olga),
        ("Mine", None, inside.ben),
        ("Hers", None, inside.ana),
    ]:
        saved_replies.create(name, f"<p>{name}</p>", team=team, by=by, now=NOW)
    ticket = desk.open_ticket(inside.service, inside.carla)
    usable = saved_replies.usable_on(ticket, inside.ben)
    assert [reply.name for reply in usable] == ["Hours", "Mine"]


def test_variables_are_filled_in_for_the_ticket_and_made_harmless(inside: Cast) -> None:
    inside.carla.name = "Carla <b>Ruiz</b>"
    ticket = desk.open_ticket(inside.service, inside.carla)
    html = "<p>Hola { nombre }, #{ticket_number} · {advisor}, {EQUIPO}, {company} {unknown}</p>"
    reply = saved_replies.create("Hola", html, by=inside.ben, now=NOW)
    filled = saved_replies.fill(reply, ticket, by=inside.ben)
    greeting = f"Hola Carla &lt;b&gt;Ruiz&lt;/b&gt;, #{ticket.number}"
    assert filled == f"<p>{greeting} · Ben, Service, Dealer Group {{unknown}}</p>"


def test_scripts_are_taken_out_and_a_text_without_words_is_refused(inside: Cast) -> None:
    reply = saved_replies.create("x", "<p>Hello<script>1</script></p>", by=inside.ben, now=NOW)
    assert reply.html == "<p>Hello</p>"
    for name, html in [("", "<p>x</p>"), ("x", "<p> </p>"), ("x", f"<p>{'y' * 20_001}</p>")]:
        with pytest.raises(saved_replies.SavedReplyError):
            saved_replies.create(name, html, by=inside.ben, now=NOW)
    assert SavedReply.objects.count() == 1


def test_a_team_s_are_its_managers_and_one_s_own_nobody_else_s(inside: Cast) -> None:
    ours = saved_replies.create("Hours", "<p>8 to 5</p>", team=inside.service, by=inside.ana, now=NOW)
    mine = saved_replies.create("Mine", "<p>x</p>", by=inside.ben, now=NOW)
    for reply, by in [(ours, inside.ben), (mine, inside.ana)]:
        with pytest.raises(NotPermittedError):
            saved_replies.change(reply, "Taken", "<p>y</p>", by=by, now=NOW)
        with pytest.raises(NotPermittedError):
            saved_replies.delete(reply, by=by, now=NOW)
    with pytest.raises(NotPermittedError):
        saved_replies.create("x", "<p>y</p>", by=inside.vera, now=NOW)
