"""What an advisor wants to be told, and on which ways."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from emailhub.accounts.models import Advisor

from .models import Notification, NotificationChoice
from .news import News, Rhythm

WAYS = ("in_page", "by_email", "by_push")


def choose(advisor: Advisor, ways: Mapping[str, Collection[str]], rhythm: str) -> None:
    """Remember the kinds of news for each of the WAYS, and how often e-mail comes.

    E-mail that waits and is wanted no more is not sent.
    """
    chosen = {way: [news for news in News.values if news in ways.get(way, ())] for way in WAYS}
    NotificationChoice.objects.update_or_create(
        company_id=advisor.company_id, advisor=advisor, defaults={**chosen, "rhythm": Rhythm(rhythm)}
    )
    waiting = Notification.objects.filter(advisor=advisor, mail_due_at__isnull=False)
    waiting.exclude(kind__in=chosen["by_email"]).update(mail_due_at=None)
