"""Who may do what: the table of permissions, in one place. Pages and verbs ask here and nowhere else.

| may                                    | view-only | advisor   | manager      | administrator |
|----------------------------------------|-----------|-----------|--------------|---------------|
| read a team's tickets                  | own teams | own teams | own; all (1) | all           |
| write, note, assign                    | -         | own teams | own teams    | all           |
| see and release held mail              | -         | own teams | own; all (2) | all           |
| read a team's settings                 | -         | own teams | own teams    | all           |
| change a team's settings               | -         | -         | own teams    | all           |
| invite, remove                         | -         | -         | own teams    | all           |
| the company's settings, teams, roles   | -         | -         | -            | all           |

(1) where the company lets managers read all teams; (2) then they see it, and release it in their own.
Reading and writing tickets are `Advisor.readable_team_ids` and `writable_team_ids`.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Advisor, Membership, Role, Team


class NotPermittedError(PermissionDenied):
    """The advisor may not do this. Pages hide the way here, so this is a forged or an outdated request.

    A page answers 403 without a word of its own.
    """


def readers_of(team: Team) -> QuerySet[Advisor]:
    """Who may read the team's tickets and can log in: `Advisor.readable_team_ids`, seen from the team."""
    own = Membership.objects.filter(advisor=OuterRef("pk"))
    member = Q(Exists(own.filter(team=team)))
    manager = Q(Exists(own.filter(is_manager=True, team__deleted_at__isnull=True)))
    reads_all = Q(role=Role.ADMIN) | Q(company__managers_read_all=True) & manager
    able = Advisor.objects.filter(company_id=team.company_id, is_active=True, user__is_active=True)
    return able.filter(member | reads_all)


def may_manage(advisor: Advisor, team: Team) -> bool:
    """Change the team's settings: its name, members, hours, addresses, rules."""
    return team.id in manageable_team_ids(advisor)


def may_read_settings(advisor: Advisor, team: Team) -> bool:
    """Look at the team's settings without changing them."""
    return may_manage(advisor, team) or (advisor.may_write and team.id in advisor.team_ids())


def may_see_held(advisor: Advisor, team: Team) -> bool:
    """See the mail that was held or ignored for the team."""
    return advisor.may_write and team.id in advisor.readable_team_ids()


def may_release_held(advisor: Advisor, team: Team) -> bool:
    """Release or discard the team's held mail."""
    return team.id in advisor.writable_team_ids()


def may_manage_company(advisor: Advisor) -> bool:
    """Change the company, its teams, everybody's role, and see the whole audit."""
    return advisor.is_admin


def may_manage_any(advisor: Advisor) -> bool:
    """Whether there is anything to manage: who sees *Manage* at all, and may invite."""
    return advisor.is_admin or bool(manageable_team_ids(advisor))


def may_remove(advisor: Advisor, other: Advisor) -> bool:
    """Let somebody into the company no more: administrators whom they want, a manager who is only theirs.

    A manager removes no administrator, and nobody who is also in a team that is another manager's.
    """
    if advisor.is_admin:
        return advisor.company_id == other.company_id
    teams = frozenset(other.memberships.values_list("team_id", flat=True))
    return bool(teams) and not other.is_admin and teams <= manageable_team_ids(advisor)


def may_give(advisor: Advisor, role: str, teams: Mapping[int, bool]) -> bool:
    """Invite somebody with this role into these teams (by id, whether as a manager)."""
    if advisor.is_admin:
        return teams.keys() <= manageable_team_ids(advisor)
    return role != Role.ADMIN and bool(teams) and teams.keys() <= manageable_team_ids(advisor)


def manageable_team_ids(advisor: Advisor) -> frozenset[int]:
    """The teams whose settings the advisor may change."""
    if not advisor.may_write:
        return frozenset()
    return frozenset(team.id for team in advisor.company_teams if advisor.is_admin or team.managed)


def manageable_teams(advisor: Advisor) -> list[Team]:
    """The same teams, by name."""
    ids = manageable_team_ids(advisor)
    return [team for team in advisor.company_teams if team.id in ids]


def settled_teams(advisor: Advisor) -> list[Team]:
    """The teams whose settings the advisor may at least look at, by name."""
    return [team for team in advisor.company_teams if may_read_settings(advisor, team)]


def require(allowed: bool) -> None:
    """Raise NotPermittedError unless it is allowed."""
    if not allowed:
        raise NotPermittedError
