"""The rule that somebody deleted last, in their session: what "Undo" brings back."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from emailhub.accounts.models import Team
from emailhub.hub.models import InboundRule
from emailhub.hub.rules import RuleForm
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator

from .requests import AdvisorRequest

_KEY = "deleted_rule"


@dataclass(frozen=True)
class DeletedRule:
    """What it said, and where it stood."""

    form: RuleForm
    position: int


def keep_deleted(request: AdvisorRequest, rule: InboundRule, form: RuleForm) -> None:
    """Remember a rule that is about to be deleted."""
    fields = asdict(form) | {"conditions": rule.conditions, "action": str(form.action)}
    request.session[_KEY] = {"team": rule.team_id, "position": rule.position, "form": fields}


def forget_deleted(request: AdvisorRequest, team: Team) -> DeletedRule | None:
    """The rule of this team that was deleted last; it is given once."""
    kept = request.session.pop(_KEY, None)
    if not kept or kept["team"] != team.id:
        return None
    conditions = tuple(
        Condition(Field(of), Operator(operator), tuple(values))
        for of, operator, values in kept["form"]["conditions"]
    )
    fields = kept["form"] | {"conditions": conditions, "action": Action(kept["form"]["action"])}
    return DeletedRule(RuleForm(**fields), kept["position"])
