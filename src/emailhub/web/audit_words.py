"""The audit in words: what was changed, and the names of its fields. Pages that record more add theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emailhub.accounts.audit import Kind
from emailhub.accounts.models import AuditEntry, Role
from emailhub.desk.models import Segment
from emailhub.rules import Action
from emailhub.rules.matching import FLAGS, YES, Field

from .rule_words import ACTIONS, OPERATORS
from .rule_words import FIELDS as ASKED

_KINDS: Mapping[str, str | Promise] = {
    Kind.COMPANY: gettext_lazy("Company"),
    Kind.TEAM: gettext_lazy("Team"),
    Kind.MEMBER: gettext_lazy("Member"),
    Kind.ADVISOR: gettext_lazy("Advisor"),
    Kind.INVITATION: gettext_lazy("Invitation"),
    Kind.HOURS: gettext_lazy("Business hours"),
    Kind.EMAILHUB: "EmailHub",
    Kind.ADDRESS: gettext_lazy("Address"),
    Kind.RULE: gettext_lazy("Rule"),
    Kind.AUTOMATIC_REPLY: gettext_lazy("Automatic reply"),
    Kind.HELD_MAIL: gettext_lazy("Held mail"),
    Kind.CONTACT: gettext_lazy("Contact"),
    Kind.TICKET: gettext_lazy("Ticket"),
    Kind.SECURITY: gettext_lazy("Security"),
}
FIELDS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "slug": gettext_lazy("In the addresses"),
    "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"),
    "managers_read_all": gettext_lazy("Managers read all teams' tickets"),
    "logo": gettext_lazy("Logo"),
    "retention_months": gettext_lazy("Months until closed tickets are deleted"),
    "retention_deleted": gettext_lazy("Closed tickets deleted by their age"),
    "second_factor_demanded": gettext_lazy("Demand a second factor of everybody"),
    "second_factor": gettext_lazy("Second factor"),
    "is_hidden": gettext_lazy("Hidden"),
    "is_manager": gettext_lazy("Manager"),
    "is_active": gettext_lazy("Works here"),
    "role": gettext_lazy("Role"),
    "inherits": gettext_lazy("Tickets and addresses"),
    "hours": gettext_lazy("Week"),
    "holiday": gettext_lazy("Holiday"),
    "saved_reply": gettext_lazy("Saved reply"),
    "sent_again": gettext_lazy("Sent again"),
    "enabled": gettext_lazy("Switched on"),
    "display_name": gettext_lazy("Display name"),
    "known_contacts_only": gettext_lazy("Accept email only from known contacts"),
    "display_name_in_automatic_replies": gettext_lazy("Use display name in auto-replies"),
    "sender": gettext_lazy("Sender address"),
    "mail_server": gettext_lazy("Mail server"),
    "signing_key": gettext_lazy("DKIM key"),
    "mailbox": gettext_lazy("IMAP mailbox"),
    "signed_in": gettext_lazy("Signed in at Microsoft"),
    "webhook": gettext_lazy("Mail by HTTP"),
    "conditions": gettext_lazy("Conditions"),
    "does": gettext_lazy("Action"),
    "target": gettext_lazy("Goes to"),
    "even_if_open": gettext_lazy("Even if a ticket is open"),
    "also_replies": gettext_lazy("Apply to replies too"),
    "position": gettext_lazy("Place"),
    "texts": gettext_lazy("Texts"),
    "outcome": gettext_lazy("What became of it"),
    "merged": gettext_lazy("Merged"),
    "ticket_split": gettext_lazy("Split off into"),
    "ticket_move": gettext_lazy("Entries moved to"),
    "ticket_merge": gettext_lazy("Merged into"),
    "exported": gettext_lazy("Exported"),
    "imported": gettext_lazy("Contacts imported"),
    "chat": gettext_lazy("Chat"),
    "blocked": gettext_lazy("Blocked sender"),
}


@dataclass(frozen=True)
class Line:
    """One field of an entry, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """An entry as its page shows it."""

    entry: AuditEntry
    kind: str
    who: str
    lines: tuple[Line, ...]


def kind_word(kind: str) -> str:
    return str(_KINDS.get(kind, kind))


def show(entry: AuditEntry) -> Shown:
    lines = tuple(
        Line(str(FIELDS.get(name, name)), _value(name, before), _value(name, after))
        for name, (before, after) in entry.changes.items()
    )
    return Shown(entry, kind_word(entry.kind), entry.by_name or _("The operator"), lines)


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return _("nothing")
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    if name == "does" and isinstance(value, str) and value in set(Action):
        return str(ACTIONS[Action(value)].label)
    if name == "conditions" and isinstance(value, list):
        return _conditions(*value)
    return str(value)


def _conditions(how: str, *conditions: list[Any]) -> str:
    """What a rule asks, as its editor words it."""
    return (_(" and ") if how == "all" else _(" or ")).join(_condition(*asked) for asked in conditions)


def _condition(field: str, operator: str, values: list[str]) -> str:
    of = _word(ASKED, field)
    if field in FLAGS:
        return f"{of}: {', '.join(_('yes') if value == YES else _('no') for value in values)}"
    if field == Field.SEGMENT:  # a rule keeps their ids, so that a new name changes nothing
        values = list(Segment.objects.filter(pk__in=values).order_by("name").values_list("name", flat=True))
    return f"{of} {_word(OPERATORS, operator)} {', '.join(f'“{value}”' for value in values)}"


def _word(words: Mapping[Any, str | Promise], code: str) -> str:
    return str(words.get(code, code))
