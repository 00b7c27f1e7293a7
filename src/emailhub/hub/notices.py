"""Mail of the product itself: to a team's managers about its e-mail, without what a stranger wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation

from emailhub import mail
from emailhub.accounts.models import Advisor, Company, Role, Team, User
from emailhub.delivery import outbox
from emailhub.mail import Mailbox


@dataclass(frozen=True)
class Notice:
    """A mail of the product to somebody who works with it."""

    subject: str
    text: str
    answers_to: tuple[Mailbox, ...] = ()
    parent: str = ""  # the Message-ID of what it belongs to


Words = Callable[[], tuple[str, str]]  # subject and text, in the language that is active


def tell_managers(team: Team, words: Words, *, now: datetime) -> int:
    """Write to each manager in their own language, and return to how many. Call it inside the company."""
    managers = managers_of(team)
    for user in managers:
        with translation.override(user.language):
            subject, text = words()
        post(team.company, user, Notice(subject, text), now=now)
    return len(managers)


def managers_of(team: Team) -> list[User]:
    """The team's managers who can log in; where there is none the company's administrators."""
    active = Advisor.objects.filter(company_id=team.company_id, is_active=True, user__is_active=True)
    found = active.filter(memberships__team=team, memberships__is_manager=True).exclude(role=Role.VIEW_ONLY)
    advisors = list(found.select_related("user").order_by("pk"))
    if not advisors:
        advisors = list(active.filter(role=Role.ADMIN).select_related("user").order_by("pk"))
    return [advisor.user for advisor in advisors]


def post(firm: Company, user: User, notice: Notice, *, now: datetime) -> None:
    """Put a notice of ours into the outbox. No machine answers it, and none of it comes back (RFC 3834)."""
    draft = mail.Draft(
        message_id=mail.new_message_id(settings.MAIL_DOMAIN),
        sender=Mailbox("EmailHub", f"emailhub@{settings.MAIL_DOMAIN}"),
        to=(Mailbox(user.name, user.email),),
        reply_to=notice.answers_to,
        in_reply_to=notice.parent,
        references=(notice.parent,) if notice.parent else (),
        subject=notice.subject,
        date=now,
        text=notice.text,
        headers=(("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")),  # RFC 3834 5
    )
    outbox.enqueue(
        company_id=firm.pk,
        channel=outbox.channel_of(firm),
        message_id=draft.message_id,
        content=mail.compose(draft),
        recipients=[user.email],
        due_at=now,
        now=now,
        answerable=False,
    )
