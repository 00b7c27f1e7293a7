"""The words of inbound rules: what is looked at, how it is compared, what is done, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emailhub.rules import Action
from emailhub.rules.matching import Field, Operator
from emailhub.rules.review import Kind

FIELDS: Mapping[Field, str | Promise] = {
    Field.SUBJECT: _("Subject"),
    Field.SENDER_ADDRESS: _("Sender"),
    Field.SENDER_DOMAIN: _("Sender's domain"),
    Field.SENDER_NAME: _("Sender's name"),
    Field.BODY: _("Text"),
    Field.RECEIVED_AT: _("Received at"),
    Field.RECIPIENT: _("To or CC"),
    Field.HAS_ATTACHMENT: _("Has an attachment"),
    Field.SEGMENT: _("Segment"),
    Field.ORGANISATION: _("Organisation"),
    Field.ACCOUNT_NUMBER: _("Account number"),
    Field.AUTOMATIC: _("Is automatic"),
}
OPERATORS: Mapping[Operator, str | Promise] = {
    Operator.CONTAINS: _("contains"),
    Operator.DOES_NOT_CONTAIN: _("does not contain"),
    Operator.IS: pgettext_lazy("condition", "is"),
    Operator.STARTS_WITH: _("starts with"),
    Operator.ENDS_WITH: _("ends with"),
    Operator.IS_OR_SUBDOMAIN: _("is, or is below"),
}


@dataclass(frozen=True)
class ActionWords:
    """An action as the editor offers it."""

    label: str | Promise
    hint: str | Promise
    icon: str


ACTIONS: Mapping[Action, ActionWords] = {
    Action.IGNORE: ActionWords(
        _("Ignore"), _("No ticket. It is kept for a while and can be restored."), "ignore"
    ),
    Action.ROUTE_TO_TEAM: ActionWords(_("Route to team"), _("Unassigned, in another team."), "team"),
    Action.ROUTE_TO_ADVISOR: ActionWords(_("Route to advisor"), _("Assigned to the one you choose."), "user"),
    Action.CREATE_NEW: ActionWords(
        _("Create a new ticket"), _("Even if the customer has an open one."), "newticket"
    ),
}
FINDINGS: Mapping[Kind, str | Promise] = {
    Kind.BROKEN: _("Broken: nobody is there to take these emails. They stay with the team, unassigned."),
    Kind.IMPOSSIBLE: _("No email can match it: its conditions exclude each other."),
    Kind.SHADOWED: _("It never acts: rule {other} takes all of its emails."),
    Kind.REDUNDANT: _("It is not needed: rule {other} takes all of its emails and does the same."),
    Kind.CONTRADICTS: _("It contradicts rule {other}: the same emails, but something else is done."),
    Kind.GATED: _("Only known contacts open tickets: add these senders as contacts, or their mail is held."),
}
REMEDY_UP = frozenset({Kind.SHADOWED, Kind.CONTRADICTS})
GRAVE = frozenset({Kind.BROKEN})
