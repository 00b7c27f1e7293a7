"""A decision that is not carried out, in a few words: "Joins ticket #17", "New ticket in Parts, nobody"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from emailhub import rules
from emailhub.accounts.models import Advisor, Team
from emailhub.desk.models import Ticket

from .received_words import FATES, reason_words


@dataclass(frozen=True)
class Names:
    """What the ids of some decisions are called, asked for once."""

    tickets: Mapping[int, int]  # id: number
    teams: Mapping[int, str]
    advisors: Mapping[int, str]


def names_of(company_id: int, decisions: Iterable[rules.Decision]) -> Names:
    """The names that these decisions need."""
    tickets: set[int] = set()
    advisors: set[int] = set()
    for decision in decisions:
        match decision:
            case rules.Append(ticket_id=ticket_id, assignee_id=assignee_id):
                tickets.add(ticket_id)
                advisors.add(assignee_id or 0)
            case rules.NewTicket(assignee_id=assignee_id):
                advisors.add(assignee_id or 0)
    return Names(
        tickets=dict(Ticket.objects.filter(pk__in=tickets).values_list("pk", "number")),
        teams=dict(Team.objects.filter(company_id=company_id).values_list("pk", "name")),
        advisors=dict(Advisor.objects.filter(pk__in=advisors).values_list("pk", "user__name")),
    )


def decision_words(decision: rules.Decision, names: Names) -> str:
    """What would become of the mail."""
    match decision:
        case rules.Append(ticket_id=ticket_id, assignee_id=None):
            return _("Joins ticket #%(number)s") % {"number": names.tickets.get(ticket_id, "?")}
        case rules.Append(ticket_id=ticket_id, assignee_id=assignee_id):
            return _("Joins ticket #%(number)s, which %(advisor)s gets") % {
                "number": names.tickets.get(ticket_id, "?"),
                "advisor": names.advisors.get(assignee_id or 0, "?"),
            }
        case rules.NewTicket(team_id=team_id, assignee_id=assignee_id):
            return _("New ticket in %(team)s, %(advisor)s") % {
                "team": names.teams.get(team_id, "?"),
                "advisor": names.advisors.get(assignee_id or 0) or _("unassigned"),
            }
        case rules.Hold(reason=reason):
            return _("Held: %(reason)s") % {"reason": reason_words(f"held_{reason}").label}
        case rules.Ignore():
            return _("Ignored")
        case rules.Duplicate():
            return str(FATES["duplicate"].label)
        case rules.DeliveryReport():
            return str(FATES["report"].label)
        case rules.SetUpMail():
            return str(FATES["set_up"].label)
        case rules.Loop():
            return str(FATES["loop"].label)
