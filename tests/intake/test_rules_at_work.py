"""Inbound rules on real mail: what each action does, what the row keeps of it, and rules that broke."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from emailhub.delivery.models import OutgoingRecipient
from emailhub.desk.answer import Answer
from emailhub.desk.models import Segment, SegmentMember, Ticket
from emailhub.desk.reply import reply
from emailhub.hub.identity import switch_off
from emailhub.hub.inbound_rule import InboundRule
from emailhub.hub.rules import RuleForm, create_rule, delete_rule, edit_rule, form_of, move_rule
from emailhub.intake.hits import hits_of
from emailhub.mail import Mailbox
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import CARLA, JON, MALLORY, Cast
from tests.letters import letter
from tests.post import filed, receive

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SERVICE, PARTS = Cast.service_address, Cast.parts_address


def rule(
    cast: Cast, action: Action, *, subject: str = "pump", name: str = "Pumps", **changes: object
) -> InboundRule:
    condition = Condition(Field.SUBJECT, Operator.CONTAINS, (subject,))
    form = RuleForm(name, (condition,), action, **changes)  # type: ignore[arg-type]
    return create_rule(cast.service, form, by=cast.ana, now=NOW)


def codes(row) -> list[str]:
    return [code for code, _ in row.trace]


def test_ignored_mail_makes_no_ticket_and_is_kept_with_its_rule(inside: Cast) -> None:
    ignoring = rule(inside, Action.IGNORE)
    row = receive(inside.dealer.id, letter(MALLORY, text="Buy pumps now!"))
    assert (row.outcome, row.reason, row.rule) == ("ignored", "ignored", ignoring)
    assert row.preview == "Buy pumps now!"
    assert row.trace[-1] == ["ignored", {"rule": "Pumps"}]
    assert not Ticket.objects.exists()


def test_ignore_takes_a_fresh_mail_of_a_contact_with_an_open_ticket_but_no_answer(inside: Cast) -> None:
    first = filed(inside.dealer.id, letter(CARLA, subject="Lamp"))
    rule(inside, Action.IGNORE)
    assert receive(inside.dealer.id, letter(CARLA)).outcome == "ignored"
    answer = filed(inside.dealer.id, letter(CARLA, subject="Re: the pump", in_reply_to=first.message_id))
    assert answer.ticket_id == first.ticket_id
    assert "matched_ignore" in answer.flags


def test_route_to_team_makes_an_unassigned_ticket_there(inside: Cast) -> None:
    rule(inside, Action.ROUTE_TO_TEAM, to_team_id=inside.parts.id)
    open_here = filed(inside.dealer.id, letter(CARLA, subject="Lamp")).ticket
    routed = filed(inside.dealer.id, letter(CARLA)).ticket
    assert routed.pk != open_here.pk
    assert (routed.team, routed.received_by, routed.assignee) == (inside.parts, inside.service, None)
    again = filed(inside.dealer.id, letter(CARLA, subject="Another pump")).ticket
    assert again == routed


def test_the_target_teams_rules_do_not_run(inside: Cast) -> None:
    rule(inside, Action.ROUTE_TO_TEAM, to_team_id=inside.parts.id)
    everything = RuleForm("Back", (Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",)),), Action.IGNORE)
    create_rule(inside.parts, everything, by=inside.olga, now=NOW)
    assert filed(inside.dealer.id, letter(CARLA)).ticket.team == inside.parts


def test_route_to_advisor_assigns_a_new_ticket_and_an_unassigned_open_one(inside: Cast) -> None:
    rule(inside, Action.ROUTE_TO_ADVISOR, to_advisor_id=inside.ben.id)
    assert filed(inside.dealer.id, letter(MALLORY)).ticket.assignee == inside.ben
    unassigned = filed(inside.dealer.id, letter(CARLA, subject="Lamp")).ticket
    assert unassigned.assignee is None
    appended = filed(inside.dealer.id, letter(CARLA)).ticket
    assert (appended, appended.assignee) == (unassigned, inside.ben)


def test_route_to_advisor_keeps_another_advisor_on_an_open_ticket(inside: Cast) -> None:
    ticket = filed(inside.dealer.id, letter(CARLA, subject="Lamp")).ticket
    ticket.assign(inside.ana, by=None, now=NOW)
    rule(inside, Action.ROUTE_TO_ADVISOR, to_advisor_id=inside.ben.id)
    appended = filed(inside.dealer.id, letter(CARLA)).ticket
    assert (appended, appended.assignee) == (ticket, inside.ana)


def test_create_new_makes_a_ticket_beside_the_open_one_to_which_answers_thread(inside: Cast) -> None:
    first = filed(inside.dealer.id, letter(CARLA, subject="Lamp")).ticket
    rule(inside, Action.CREATE_NEW)
    second = filed(inside.dealer.id, letter(CARLA))
    assert second.ticket != first
    assert second.ticket.related_to == first
    answer = filed(inside.dealer.id, letter(CARLA, subject="Re: pump", in_reply_to=second.message_id))
    assert answer.ticket == second.ticket


def test_create_new_for_replies_too_makes_a_ticket_of_an_answer(inside: Cast) -> None:
    first = filed(inside.dealer.id, letter(CARLA))
    rule(inside, Action.CREATE_NEW, also_replies=True)
    answer = filed(inside.dealer.id, letter(CARLA, subject="Re: pump", in_reply_to=first.message_id))
    assert answer.ticket != first.ticket


def test_of_two_rules_the_upper_one_acts_and_after_moving_the_other(inside: Cast) -> None:
    lower = rule(inside, Action.IGNORE, name="Ignore")
    rule(inside, Action.CREATE_NEW, name="New")
    assert receive(inside.dealer.id, letter(CARLA)).outcome == "ticket"
    move_rule(lower, 0, by=inside.ana, now=NOW)
    assert receive(inside.dealer.id, letter(CARLA)).outcome == "ignored"


def test_no_rule_opens_the_gate_for_a_stranger(inside: Cast) -> None:
    inside.service.identity.known_contacts_only = True
    inside.service.identity.save()
    for action, target in (
        (Action.CREATE_NEW, {}),
        (Action.ROUTE_TO_TEAM, {"to_team_id": inside.parts.id}),
        (Action.ROUTE_TO_ADVISOR, {"to_advisor_id": inside.ben.id}),
    ):
        rule(inside, action, **target)
        assert receive(inside.dealer.id, letter(MALLORY)).reason == "held_unknown_sender"
    rule(inside, Action.IGNORE)
    assert receive(inside.dealer.id, letter(MALLORY)).outcome == "ignored"


def test_rules_see_segment_organisation_and_received_address(inside: Cast) -> None:
    segment = Segment.objects.create(company=inside.dealer, name="Dealers")
    SegmentMember.objects.create(company=inside.dealer, contact=inside.carla, segment=segment)
    inside.carla.organisation = "Campo Verde"
    inside.carla.save()
    conditions = (
        Condition(Field.SEGMENT, Operator.IS, (str(segment.id),)),
        Condition(Field.ORGANISATION, Operator.CONTAINS, ("campo",)),
        Condition(Field.RECEIVED_AT, Operator.IS, (SERVICE,)),
    )
    form = RuleForm("Dealers", conditions, Action.ROUTE_TO_ADVISOR, to_advisor_id=inside.ben.id)
    create_rule(inside.service, form, by=inside.ana, now=NOW)
    tagged = "service.dealer+spring@inbox.example"
    assert filed(inside.dealer.id, letter(CARLA, to=tagged), tagged).ticket.assignee == inside.ben
    assert filed(inside.dealer.id, letter(MALLORY)).ticket.assignee is None


def test_hits_are_counted_from_what_rules_did(inside: Cast) -> None:
    ignoring = rule(inside, Action.IGNORE)
    never = rule(inside, Action.CREATE_NEW, subject="lamp")
    for _ in range(3):
        last = receive(inside.dealer.id, letter(MALLORY))
    hits = hits_of(inside.service)
    assert (hits[ignoring.id].count, hits[ignoring.id].last_at) == (3, last.received_at)
    assert never.id not in hits


def test_a_rule_that_leaves_an_answer_alone_has_no_hit(inside: Cast) -> None:
    first = filed(inside.dealer.id, letter(CARLA, subject="Lamp"))
    rule(inside, Action.IGNORE)
    filed(inside.dealer.id, letter(CARLA, subject="Re: pump", in_reply_to=first.message_id))
    assert hits_of(inside.service) == {}


def test_what_a_deleted_rule_did_stays_told(inside: Cast) -> None:
    ignoring = rule(inside, Action.IGNORE)
    row = receive(inside.dealer.id, letter(MALLORY))
    delete_rule(ignoring, by=inside.ana, now=NOW)
    row.refresh_from_db()
    assert (row.outcome, row.rule_id, row.trace[-1]) == ("ignored", None, ["ignored", {"rule": "Pumps"}])


def told() -> list[str]:
    return list(OutgoingRecipient.objects.values_list("address", flat=True))


def test_an_advisor_who_left_the_team_gets_nothing_and_the_managers_hear_once(inside: Cast) -> None:
    routed = rule(inside, Action.ROUTE_TO_ADVISOR, to_advisor_id=inside.ben.id)
    inside.ben.memberships.all().delete()
    for sender in (CARLA, MALLORY, JON):
        row = receive(inside.dealer.id, letter(sender))
        assert row.filed_as.ticket.assignee is None
        assert "rule_broken" in codes(row)
    assert told() == ["ana@dealer.example"]
    routed.refresh_from_db()
    assert routed.broken_since is not None


@pytest.mark.parametrize("gone", ["switched off", "deleted row"])
def test_mail_for_a_team_that_is_gone_stays_with_the_receiving_team(inside: Cast, gone: str) -> None:
    routed = rule(inside, Action.ROUTE_TO_TEAM, to_team_id=inside.parts.id)
    if gone == "switched off":
        switch_off(inside.parts, by=inside.olga, now=NOW)
    else:
        InboundRule.objects.filter(pk=routed.pk).update(to_team=None)
        edit_rule(routed, form_of(routed), by=inside.ana, now=NOW)
        InboundRule.objects.filter(pk=routed.pk).update(to_team=None)
    row = receive(inside.dealer.id, letter(CARLA))
    assert row.filed_as.ticket.team == inside.service
    assert row.filed_as.ticket.assignee is None
    assert "rule_broken" in codes(row) or gone == "deleted row"


def test_a_hidden_team_receives_like_any_other(inside: Cast) -> None:
    inside.service.is_hidden = True
    inside.service.save()
    assert filed(inside.dealer.id, letter(MALLORY)).ticket.team == inside.service


def answer(text: str) -> Answer:
    return Answer(to=(Mailbox("", CARLA),), subject="Re: pump", html=f"<p>{text}</p>", key=uuid4())


def test_a_ticket_that_moved_to_another_team_is_answered_from_there_and_old_answers_reach_it(
    inside: Cast,
) -> None:
    ticket = filed(inside.dealer.id, letter(CARLA)).ticket
    first = reply(ticket, answer("One moment"), by=inside.ben, now=timezone.now())
    ticket.refresh_from_db()
    ticket.move(inside.parts, by=inside.ben, now=NOW)
    second = reply(ticket, answer("Here it is"), by=inside.pat, now=timezone.now())
    assert (first.message.sender_address, second.message.sender_address) == (SERVICE, PARTS)
    old = filed(
        inside.dealer.id, letter(CARLA, subject="Re: pump", in_reply_to=first.message.message_id), SERVICE
    )
    assert (old.ticket, old.ticket.team) == (ticket, inside.parts)
