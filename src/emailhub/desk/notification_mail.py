"""E-mail about what an advisor has not read in the page: one mail for all of it, as often as they want it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emailhub.accounts.models import Advisor
from emailhub.accounts.tenancy import company
from emailhub.hub.automatic_replies import answers_to, sender_of
from emailhub.hub.notices import Notice, post
from emailhub.mail import Mailbox

from .models import KnownId, Notification
from .notification_words import words_of
from .notifications import with_words

_BATCH = 50  # advisors at a time
_LISTED = 50  # notifications in one mail; the page has all of them


def mail_due() -> int:
    """Write to advisors whose notifications are due, of all companies; to how many. The worker calls it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT advisor_id, company_id FROM due_notification_mails(%s)", [_BATCH])
        due: list[tuple[int, int]] = cursor.fetchall()
    return sum(_mail(advisor_id, company_id, now=timezone.now()) for advisor_id, company_id in due)


def _mail(advisor_id: int, company_id: int, *, now: datetime) -> bool:
    """Whether it was still for us to do: another worker may have been quicker."""
    with company(company_id):
        waiting = Notification.objects.filter(advisor_id=advisor_id, mail_due_at__isnull=False)
        ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
        if not ids:
            return False
        Notification.objects.filter(pk__in=ids).update(mail_due_at=None)
        advisor = Advisor.objects.select_related("user", "company").get(pk=advisor_id)
        found = _still_news(advisor, ids)
        if found:
            with translation.override(advisor.user.language):
                post(advisor.company, advisor.user, _notice(found), now=now)
        return True


def _still_news(advisor: Advisor, ids: list[int]) -> list[Notification]:
    """Those that the advisor may still read about, and has not read."""
    if not (advisor.is_active and advisor.user.is_active):
        return []
    unread = Notification.objects.of(advisor).filter(pk__in=ids, read_at__isnull=True)
    return list(with_words(unread).order_by("id"))


def _notice(found: list[Notification]) -> Notice:
    lines = [line for notification in found[:_LISTED] for line in _lines(notification)]
    if len(found) > _LISTED:
        lines += [f"{settings.URL}{reverse('notifications')}", ""]
    choose = f"{settings.URL}{reverse('profile')}#notifications"
    lines += ["-- ", _("You choose what you are told by email: %(url)s") % {"url": choose}]
    thread = _thread(found[0]) if len({one.ticket_id for one in found}) == 1 else _Thread()
    return Notice(_subject(found), "\n".join(lines), answers_to=thread.answers_to, parent=thread.parent)


def _subject(found: list[Notification]) -> str:
    if len(found) == 1:
        words = words_of(found[0])
        return f"{words.what} · {words.where}"
    number = len(found)
    return ngettext("%(n)s thing is new", "%(n)s things are new", number) % {"n": number}


def _lines(notification: Notification) -> list[str]:
    words = words_of(notification)
    quoted = [f"> {words.line}"] if words.line else []
    url = f"{settings.URL}{reverse('ticket', args=[notification.ticket.number])}"
    return [f"{words.what} · {words.where}", *quoted, url, ""]


@dataclass(frozen=True)
class _Thread:
    """Where an answer to the mail goes: to the ticket, on which it becomes an internal note.

    Only an id of a mail that the team has sent proves that (rules.replies): before its first answer there is
    none, and an answer to the notification is refused at our door.
    """

    answers_to: tuple[Mailbox, ...] = ()
    parent: str = ""


def _thread(notification: Notification) -> _Thread:
    ticket = notification.ticket
    own = KnownId.objects.filter(message__ticket=ticket, message__outgoing__isnull=False, is_own=True)
    parent, sender = own.order_by("-id").values_list("value", flat=True).first(), sender_of(ticket.team)
    if parent is None or sender is None:
        return _Thread()
    return _Thread(answers_to(ticket.team) or (Mailbox("", sender.address),), parent)
