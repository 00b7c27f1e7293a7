"""Any facts at all, also ones that no delivery would bring: decide() must have an answer to each."""

from datetime import timedelta

from hypothesis import strategies as st

from emailhub.rules.facts import (
    Action,
    Contact,
    Facts,
    Reference,
    ReferenceKind,
    RuleMatch,
    Sender,
    Status,
    Ticket,
    Verdict,
)
from tests.rules.cast import NOW

FEW = st.integers(1, 3)
MAYBE = st.none() | FEW
RARELY = st.sampled_from([False] * 7 + [True])
NAMES = st.sampled_from(["", "Carla", "100 % %(name)s"])
SUBJECTS = st.sampled_from(["", "pump", "invoice"])
INSTANTS = st.integers(-30, 30).map(lambda days: NOW + timedelta(days=days))

TICKETS = st.builds(
    Ticket,
    id=st.integers(1, 9),
    number=st.integers(1, 9),
    team_id=FEW,
    status=st.sampled_from(Status),
    customer_id=FEW,
    assignee_id=MAYBE,
    subject=SUBJECTS,
    last_activity_at=INSTANTS,
    closed_at=st.none() | INSTANTS,
    received_by_team_id=MAYBE,
    reopen_days=st.none() | st.integers(-1, 90),
    sender_takes_part=...,
    recipient_takes_part=...,
    sender_was_bcc_only=RARELY,
    holds_copy=st.none() | st.none() | FEW,
    sent_this_mail=RARELY,
    opened_unverified=RARELY,
)
REFERENCES = st.builds(
    Reference,
    kind=st.sampled_from(ReferenceKind),
    ticket=TICKETS,
    named_in_reply_to=...,
    subject=SUBJECTS,
)
CONTACTS = st.builds(Contact, id=FEW, name=NAMES, confirmed=..., shared_sender=RARELY)
SENDERS = st.builds(
    Sender,
    address=st.sampled_from(["", "carla@farm.example", "carla@farm.example"]),
    name=NAMES,
    contact=st.none() | CONTACTS,
    advisor_id=MAYBE,
    own_team=RARELY,
    robot=RARELY,
    recovered=RARELY,
)
RULES = st.builds(
    RuleMatch,
    rule_id=FEW,
    action=st.sampled_from(Action),
    team_id=MAYBE,
    advisor_id=MAYBE,
    even_if_open=...,
    also_replies=...,
    broken=RARELY,
    name=NAMES,
)
FACTS = st.builds(
    Facts,
    now=st.just(NOW),
    team_id=FEW,
    hub_enabled=RARELY.map(lambda off: not off),
    known_contacts_only=...,
    sender=SENDERS,
    verdict=st.sampled_from(Verdict),
    verified_forwarder=...,
    subject=SUBJECTS,
    automatic=RARELY,
    out_of_office=RARELY,
    is_report=RARELY,
    our_message_returned_to_sender=RARELY,
    duplicate_of=st.one_of(*[st.none()] * 5, FEW),
    references=st.lists(REFERENCES, max_size=3).map(tuple),
    open_tickets=st.lists(TICKETS, max_size=3).map(tuple),
    set_up=st.sampled_from([""] * 5 + ["probe"]),
    rule=st.none() | RULES,
    strict_policy=...,
    message_id_reused=RARELY,
    possible_loop=RARELY,
    junk=RARELY,
    blocked=st.sampled_from([""] * 7 + ["farm.example"]),
    released=RARELY,
)
