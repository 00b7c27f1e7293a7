"""PURE. Facts about one received mail go in, one decision and its trace come out.

Lives here: the types Facts and Decision, and decide(); which inbound rule matches and what is wrong with
rules; whether there is an automatic reply. docs/filing.md and its neighbours say the same in words.
Not here: queries, the clock, the network. `intake` gathers the facts and carries out the decision.
"""

from emailhub.rules.automatic_replies import Occasion, ReplyKind, choose
from emailhub.rules.decide import decide
from emailhub.rules.decision import (
    Append,
    Decision,
    DeliveryReport,
    Duplicate,
    Flag,
    Hold,
    HoldReason,
    Ignore,
    Loop,
    NewTicket,
    SetUpMail,
    Step,
)
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

__all__ = [
    "Action",
    "Append",
    "Contact",
    "Decision",
    "DeliveryReport",
    "Duplicate",
    "Facts",
    "Flag",
    "Hold",
    "HoldReason",
    "Ignore",
    "Loop",
    "NewTicket",
    "Occasion",
    "Reference",
    "ReferenceKind",
    "ReplyKind",
    "RuleMatch",
    "Sender",
    "SetUpMail",
    "Status",
    "Step",
    "Ticket",
    "Verdict",
    "choose",
    "decide",
]
