"""behaviour.md section 5 with section 0 applied: the rows that are decided by the facts of one mail.

The rows that are about the composer, the wire, set-ups or the desk have their tests in those rooms; which,
stands in ELSEWHERE. Each number is in one of the two.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from emailhub.rules.automatic_replies import Occasion, ReplyKind, choose
from emailhub.rules.decision import (
    Append,
    Decision,
    DeliveryReport,
    Duplicate,
    Flag,
    Hold,
    HoldReason,
    Ignore,
    NewTicket,
    SetUpMail,
)
from emailhub.rules.facts import Action, Facts, ReferenceKind, Sender, Status, Verdict
from tests.rules.cast import (
    ANA,
    BEN,
    CARLA,
    CARLA_UNCONFIRMED,
    FROM_ANA,
    FROM_CARLA,
    FROM_JON,
    FROM_MALLORY,
    FROM_OURSELVES,
    NOW,
    SALES,
    SERVICE,
    answer,
    closed,
    mail,
    outcome,
    rule,
    ticket,
)

OPEN, IN_SALES = ticket(1), ticket(2, team_id=SALES, received_by_team_id=SALES)
WITH_JON = ticket(1, sender_takes_part=True)
WITH_BCC = ticket(1, sender_takes_part=True, sender_was_bcc_only=True)
UNASSIGNED = ticket(1, assignee_id=None)
LATE = closed(1, days=8)
IGNORE, NEW = rule(Action.IGNORE), rule(Action.CREATE_NEW)
TO_SALES = rule(Action.ROUTE_TO_TEAM, team_id=SALES)
TO_ANA = rule(Action.ROUTE_TO_ADVISOR, advisor_id=ANA)
GONE = {"broken": True}
STRANGER = {"sender": FROM_MALLORY, "known_contacts_only": True}
HELD = Hold(HoldReason.UNKNOWN_SENDER)
LINKED = NewTicket(SERVICE, CARLA.id, related_to=1)

CASES: list[tuple[int, str, Facts, Decision]] = [
    (1, "unknown sender, known-only on", mail(**STRANGER), HELD),
    (
        2,
        "unknown copied person answers, known-only on",
        answer(WITH_JON, sender=FROM_JON, known_contacts_only=True),
        Append(1),
    ),
    (3, "Ignore, an answer", answer(OPEN, rule=IGNORE), Append(1, flags=frozenset({Flag.MATCHED_IGNORE}))),
    (3, "Ignore, a fresh mail though a ticket is open", mail(rule=IGNORE, open_tickets=(OPEN,)), Ignore(7)),
    (4, "Ignore and known-only", mail(rule=IGNORE, **STRANGER), Ignore(7)),
    (5, "Create-new, an answer", answer(OPEN, rule=NEW), Append(1)),
    (
        5,
        "Create-new for answers too",
        answer(OPEN, rule=replace(NEW, also_replies=True), open_tickets=(OPEN,)),
        LINKED,
    ),
    (6, "Create-new, unknown, known-only", mail(rule=NEW, **STRANGER), HELD),
    (
        7,
        "two open tickets, the same subject wins",
        mail(
            open_tickets=(ticket(1, subject="another thing"), ticket(2, last_activity_at=NOW)),
        ),
        Append(1),
    ),
    (
        7,
        "two open tickets, else the latest",
        mail(open_tickets=(ticket(1), ticket(2, last_activity_at=NOW))),
        Append(2),
    ),
    (
        8,
        "route to team past an open ticket here",
        mail(rule=TO_SALES, open_tickets=(OPEN,)),
        NewTicket(SALES, CARLA.id, related_to=1),
    ),
    (
        9,
        "route to team with an open ticket there",
        mail(rule=TO_SALES, open_tickets=(OPEN, IN_SALES)),
        Append(2),
    ),
    (10, "route to advisor, another has the ticket", mail(rule=TO_ANA, open_tickets=(OPEN,)), Append(1)),
    (
        10,
        "route to advisor, nobody has it",
        mail(rule=TO_ANA, open_tickets=(UNASSIGNED,)),
        Append(1, assignee_id=ANA),
    ),
    (11, "routed advisor left", mail(rule=replace(TO_ANA, **GONE)), NewTicket(SERVICE, CARLA.id)),
    (12, "target team gone", mail(rule=replace(TO_SALES, **GONE)), NewTicket(SERVICE, CARLA.id)),
    (
        15,
        "a ticket with another team",
        mail(open_tickets=(IN_SALES,)),
        NewTicket(SERVICE, CARLA.id, related_to=2),
    ),
    (17, "the same mail again", mail(duplicate_of=5), Duplicate(5)),
    (17, "the same mail on its ticket by another team", answer(ticket(1, holds_copy=6)), Duplicate(6)),
    (
        18,
        "another address of the contact",
        mail(sender=Sender("c@other.example", "", contact=CARLA), open_tickets=(OPEN,)),
        Append(1),
    ),
    (24, "answer within 7 days", answer(closed(1, days=7)), Append(1, reopen=True)),
    (
        24,
        "answer later",
        answer(LATE),
        NewTicket(SERVICE, CARLA.id, follow_up_of=1, flags=frozenset({Flag.LATE})),
    ),
    (25, "fresh, only closed tickets", mail(), NewTicket(SERVICE, CARLA.id)),
    (26, "a copied person writes afresh", mail(sender=FROM_JON, open_tickets=()), NewTicket(SERVICE, None)),
    (
        27,
        "a copied person answers the customer's mail",
        answer(WITH_JON, ReferenceKind.RECEIVED_MESSAGE, sender=FROM_JON),
        Append(1),
    ),
    (
        28,
        "a BCC'd person answers",
        answer(WITH_BCC, sender=FROM_JON),
        Append(1, private=True, join_people=False, flags=frozenset({Flag.WAS_BCC})),
    ),
    (35, "a forward that hid who wrote", mail(sender=FROM_OURSELVES), Hold(HoldReason.UNREADABLE_SENDER)),
    (
        35,
        "... whose sender was recovered",
        mail(sender=replace(FROM_CARLA, recovered=True)),
        NewTicket(SERVICE, CARLA.id, flags=frozenset({Flag.RECOVERED_SENDER})),
    ),
    (
        37,
        "an advisor answers from a mail program",
        answer(OPEN, sender=FROM_ANA, verdict=Verdict.PASS),
        Append(1, needs_reply=False, join_people=False, as_note=True, flags=frozenset({Flag.FROM_ADVISOR})),
    ),
    (38, "EmailHub is off", mail(hub_enabled=False), Hold(HoldReason.HUB_OFF)),
    (40, "the ticket moved to another team", answer(replace(OPEN, team_id=SALES)), Append(1)),
    (
        42,
        "out of office",
        answer(closed(1), out_of_office=True),
        Append(1, needs_reply=False, flags=frozenset({Flag.AUTOMATIC})),
    ),
    (43, "a bounce of our mail", mail(is_report=True), DeliveryReport()),
    (
        45,
        "an advisor is the customer",
        mail(sender=replace(FROM_ANA, contact=CARLA), verdict=Verdict.PASS, known_contacts_only=True),
        NewTicket(SERVICE, CARLA.id),
    ),
    (
        46,
        "the contact was deleted, an answer",
        answer(WITH_JON, sender=Sender("carla@farm.example", "Carla"), known_contacts_only=True),
        Append(1),
    ),
    (
        46,
        "the contact was deleted, a fresh mail",
        mail(sender=Sender("carla@farm.example", "Carla"), known_contacts_only=True),
        HELD,
    ),
    (47, "Gmail's confirmation", mail(set_up="forwarding", rule=IGNORE, **STRANGER), SetUpMail("forwarding")),
]


@pytest.mark.parametrize(("number", "name", "facts", "decision"), CASES, ids=lambda value: str(value)[:40])
def test_row(number: int, name: str, facts: Facts, decision: Decision) -> None:
    assert outcome(facts) == decision


def occasion(**changes: object) -> Occasion:
    ordinary = Occasion(
        now=NOW,
        new_ticket=True,
        from_customer=True,
        acknowledges=True,
        tells_when_closed=True,
        address="carla@farm.example",
    )
    return replace(ordinary, **changes)


REPLIES: list[tuple[int, str, Occasion, ReplyKind | None]] = [
    (31, "a mail on a ticket that was there", occasion(new_ticket=False), None),
    (
        31,
        "... out of hours",
        occasion(new_ticket=False, closed_since=NOW - timedelta(hours=1)),
        ReplyKind.AFTER_HOURS,
    ),
    (
        31,
        "... once a closed period",
        occasion(new_ticket=False, closed_since=NOW - timedelta(hours=1), told_closed_at=NOW),
        None,
    ),
    (32, "another auto-responder", occasion(by_machine=True), None),
    (32, "... that marks nothing", occasion(sent_to_sender=(NOW,)), None),
    (32, "... again and again", occasion(breaker=True), None),
    (42, "out of office", occasion(by_machine=True), None),
    (45, "an advisor as the customer", occasion(colleague=True), None),
]


@pytest.mark.parametrize(("number", "name", "occasion", "kind"), REPLIES, ids=lambda value: str(value)[:40])
def test_row_about_automatic_replies(
    number: int, name: str, occasion: Occasion, kind: ReplyKind | None
) -> None:
    assert choose(occasion)[0] is kind


ELSEWHERE = {
    13: "rules/test_matching.py, hub/test_scenarios.py",
    14: "intake/test_rules_at_work.py",
    16: "intake/test_filing.py",
    19: "desk: an address belongs to one contact",
    20: "web and desk: the composer",
    21: "web and desk: the composer",
    22: "web and desk: the composer",
    23: "hub/test_scenarios.py: addresses that were renamed",
    29: "desk/test_reply.py",
    30: "desk/test_reply.py",
    33: "intake/test_answers.py",
    34: "intake/test_answers.py",
    36: "intake: mail that an advisor forwards by hand",
    39: "hub/test_addresses.py",
    41: "web: drafts",
    44: "mail and intake: mails without an id",
    48: "channels/smtp",
    49: "channels/smtp",
    50: "intake/test_rules_at_work.py",
}


def test_every_row_is_here_or_named_where_it_is() -> None:
    here = {number for number, *_ in (*CASES, *REPLIES)}
    assert here | set(ELSEWHERE) == set(range(1, 51))
    assert not here & set(ELSEWHERE)


def test_create_once_keeps_a_stranger_a_stranger() -> None:
    """0.11: while that ticket is open the mail goes on it; later fresh mail is held again."""
    sender = Sender("mallory@elsewhere.example", "Mallory", contact=CARLA_UNCONFIRMED)
    facts = mail(sender=sender, known_contacts_only=True)
    assert outcome(replace(facts, open_tickets=(OPEN,))) == Append(1)
    assert outcome(facts) == HELD


def test_an_assignee_is_kept_by_whoever_has_it() -> None:
    assert OPEN.assignee_id == BEN
    assert OPEN.status is Status.OPEN
