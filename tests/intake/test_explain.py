"""The test bench: a mail that is typed, an .eml, or one that was received. Nothing is changed by asking."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Contact, Ticket
from emailhub.hub.automatic_replies import proposed_text, set_automatic_reply
from emailhub.hub.identity import set_known_contacts_only, switch_off
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.intake.explain import NobodyError, explain_raw, explain_stored, explain_typed
from emailhub.intake.models import Consideration
from emailhub.rules import Action, Append, Hold, HoldReason, Ignore, NewTicket, ReplyKind
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import CARLA, MALLORY, Cast
from tests.letters import letter
from tests.post import filed, receive

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PUMP = (Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",)),)
BODY = (Condition(Field.BODY, Operator.CONTAINS, ("leaks again",)),)


def rule(people: Cast, action: Action = Action.IGNORE, conditions=PUMP, **changes: object):
    return create_rule(
        people.service, RuleForm("Pumps", conditions, action, **changes), by=people.ana, now=NOW
    )


def typed(people: Cast, sender: str = CARLA, subject: str = "The pump", text: str = "It leaks"):
    return explain_typed(people.service, sender=sender, subject=subject, text=text, now=timezone.now())


def test_a_typed_mail_is_decided_on_like_a_real_one(inside: Cast) -> None:
    assert typed(inside).decision == NewTicket(inside.service.id, inside.carla.id)
    ignoring = rule(inside)
    found = typed(inside)
    assert found.decision == Ignore(ignoring.id)
    assert found.rule is not None
    assert found.rule.name == "Pumps"
    assert [step.code for step in found.steps] == ["ignored"]


def test_a_sender_may_be_typed_with_their_name(inside: Cast) -> None:
    found = typed(inside, "Núñez, Carla <carla@customer.example>")
    assert found.letter is not None
    assert found.letter.sender_address == CARLA


@pytest.mark.parametrize("sender", ["", "nobody", "a@b@c", "ñandú@"])
def test_who_is_no_sender_is_refused(inside: Cast, sender: str) -> None:
    with pytest.raises(NobodyError):
        typed(inside, sender)


def test_an_eml_is_decided_on_with_its_own_ids(inside: Cast) -> None:
    first = filed(inside.dealer.id, letter(CARLA))
    raw = letter(CARLA, subject="Re: The pump leaks", in_reply_to=first.message_id)
    assert explain_raw(inside.service, raw, now=timezone.now()).decision == Append(first.ticket_id)


def test_whether_there_would_be_an_automatic_reply_is_told(inside: Cast) -> None:
    texts = {"en": proposed_text(ReplyKind.ACKNOWLEDGEMENT, "en")}
    set_automatic_reply(
        inside.service, ReplyKind.ACKNOWLEDGEMENT, enabled=True, texts=texts, by=inside.ana, now=NOW
    )
    assert typed(inside, MALLORY).steps[-1].code == "acknowledged"
    robot = letter("no-reply@portal.example")
    assert explain_raw(inside.service, robot, now=NOW).steps[-1].code == "no_reply_to_machine"
    assert not OutgoingMessage.objects.exists()


def test_a_received_mail_is_decided_on_by_what_was_known_then_and_todays_rules(inside: Cast) -> None:
    row = receive(inside.dealer.id, letter(MALLORY))
    again = receive(inside.dealer.id, letter(MALLORY, subject="More of the pump"))
    assert isinstance(explain_stored(row, now=NOW).decision, NewTicket)
    assert explain_stored(again, now=NOW).decision == Append(row.filed_as.ticket_id)
    rule(inside, conditions=BODY)
    assert isinstance(explain_stored(row, now=NOW).decision, Ignore)
    assert isinstance(explain_stored(again, now=NOW).decision, Ignore)


def test_a_held_mail_is_decided_on_by_todays_toggles(inside: Cast) -> None:
    set_known_contacts_only(inside.service, True, by=inside.ana, now=NOW)
    row = receive(inside.dealer.id, letter(MALLORY))
    assert explain_stored(row, now=NOW).decision == Hold(HoldReason.UNKNOWN_SENDER)
    set_known_contacts_only(inside.service, False, by=inside.ana, now=NOW)
    assert isinstance(explain_stored(row, now=NOW).decision, NewTicket)
    switch_off(inside.service, by=inside.ana, now=NOW)
    assert explain_stored(row, now=NOW).decision == Hold(HoldReason.HUB_OFF)


def test_what_is_not_remembered_any_more_is_decided_on_as_if_it_came_now(inside: Cast) -> None:
    set_known_contacts_only(inside.service, True, by=inside.ana, now=NOW)
    row = receive(inside.dealer.id, letter(MALLORY))
    Consideration.objects.all().delete()
    assert explain_stored(row, now=NOW).decision == Hold(HoldReason.UNKNOWN_SENDER)


def test_asking_writes_nothing(inside: Cast) -> None:
    rule(inside, Action.ROUTE_TO_ADVISOR, to_advisor_id=inside.ben.id)
    row = receive(inside.dealer.id, letter(CARLA))
    inside.ben.memberships.all().delete()  # a rule that is broken is not even flagged by asking
    with CaptureQueriesContext(connection) as asked:
        typed(inside, "new@farm.example")
        explain_raw(inside.service, letter("newer@farm.example"), now=NOW)
        explain_stored(row, now=NOW)
    said = [query["sql"].lstrip().upper() for query in asked]
    assert not [sql for sql in said if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert (Ticket.objects.count(), Contact.objects.count()) == (1, 1)
