"""Mail to a team's managers about the team's e-mail. It never repeats what a stranger wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import translation

from emailhub import mail
from emailhub.accounts.models import Advisor, Role, Team, User
from emailhub.delivery import outbox
from emailhub.mail import Mailbox

Words = Callable[[], tuple[str, str]]  # subject and text, in the language that is active


def tell_managers(team: Team, words: Words, *, now: datetime) -> int:
    """Write to each manager in their own language, and return to how many. Call it inside the company."""
    managers = managers_of(team)
    for user in managers:
        with translation.override(user.language):
            subject, text = words()
        _post(team, user, subject, text, now)
    return len(managers)


def managers_of(team: Team) -> list[User]:
    """The team's managers who can log in; where there is none the company's administrators."""
    active = Advisor.objects.filter(company_id=team.company_id, is_active=True, user__is_active=True)
    found = active.filter(memberships__team=team, memberships__is_manager=True).exclude(role=Role.VIEW_ONLY)
    advisors = list(found.select_related("user").order_by("pk"))
    if not advisors:
        advisors = list(active.filter(role=Role.ADMIN).select_related("user").order_by("pk"))
    return [advisor.user for advisor in advisors]


def _post(team: Team, user: User, subject: str, text: str, now: datetime) -> None:
    draft = mail.Draft(
        message_id=mail.new_message_id(settings.MAIL_DOMAIN),
        sender=Mailbox("EmailHub", f"emailhub@{settings.MAIL_DOMAIN}"),
        to=(Mailbox(user.name, user.email),),
        subject=subject,
        date=now,
        text=text,
        headers=(("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")),  # RFC 3834 5
    )
    outbox.enqueue(
        company_id=team.company_id,
        channel=outbox.channel_of(team.company),
        message_id=draft.message_id,
        content=mail.compose(draft),
        recipients=[user.email],
        due_at=now,
        now=now,
        answerable=False,
    )
