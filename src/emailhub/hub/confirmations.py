"""What other providers ask before they forward mail to a team: kept until a manager has answered."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require

from .confirmation import ForwardingConfirmation
from .notices import tell_managers


def receive_confirmation(team: Team, asked: mail.Confirmation, *, now: datetime) -> ForwardingConfirmation:
    """Keep what a provider asks, and tell the managers."""
    confirmation = ForwardingConfirmation.objects.create(
        company_id=team.company_id,
        team=team,
        provider=asked.provider,
        address=asked.address[:320],
        code=asked.code[:40],
        link=asked.link if len(asked.link) <= 2000 else "",
        received_at=now,
    )
    tell_managers(team, lambda: _words(confirmation), now=now)
    return confirmation


def confirmations_of(team: Team) -> QuerySet[ForwardingConfirmation]:
    """What waits for an answer, newest first."""
    return ForwardingConfirmation.objects.filter(team=team, done_at__isnull=True).order_by("-id")


def mark_done(confirmation: ForwardingConfirmation, *, by: Advisor, now: datetime) -> None:
    """Take it off the page: it was answered, or nobody wants that forward."""
    require(may_manage(by, confirmation.team))
    confirmation.done_at = now
    confirmation.save(update_fields=["done_at"])


def _words(confirmation: ForwardingConfirmation) -> tuple[str, str]:
    """Without the link: whoever forged the mail wrote it, and a mail of ours lends it credit."""
    values = {"provider": confirmation.provider, "team": confirmation.team.name}
    subject = _("%(provider)s asks whether %(team)s may get forwarded mail") % values
    text = _(
        "Somebody set up a forward to an address of %(team)s, and %(provider)s asks whether that is right."
        " You find its code on the EmailHub page of the team. If nobody of you did this, do nothing."
    )
    return subject, text % values
