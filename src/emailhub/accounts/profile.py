"""What advisors say about themselves."""

from __future__ import annotations

from emailhub import mail

from .models import Advisor, Team

SIGNATURE_LIMIT = 20_000  # characters of HTML


def set_signature(advisor: Advisor, html: str) -> None:
    """Store the e-mail signature, made safe to send. Mails that were sent keep the one they had."""
    clean = mail.sanitise_outgoing(html[:SIGNATURE_LIMIT])
    advisor.signature = clean if mail.plain_text(clean).strip() else ""
    advisor.save(update_fields=["signature"])


def own_teams(advisor: Advisor) -> list[Team]:
    """The teams that the advisor is a member of, by name."""
    return [team for team in advisor.company_teams if team.managed is not None]


def set_default_team(advisor: Advisor, team_id: int) -> None:
    """Let new tickets of the advisor be this team's at first. Raises StopIteration for no team of theirs."""
    advisor.default_team = next(team for team in own_teams(advisor) if team.id == team_id)
    advisor.save(update_fields=["default_team"])
