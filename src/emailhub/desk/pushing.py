"""Tell browsers that asked for it what is new, also while no page of ours is open in them."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from emailhub.accounts.models import Advisor
from emailhub.accounts.sessions import Session
from emailhub.accounts.tenancy import company
from emailhub.egress.http import is_askable
from emailhub.egress.web_push import NotPushedError, Receiver, push

from .errors import DeskError
from .models import Notification, PushSubscription
from .notification_words import words_of
from .notifications import with_words

_BATCH = 20
log = structlog.get_logger()


class UnusableSubscriptionError(DeskError):
    """A browser has named no place to which a message could be pushed."""


@dataclass(frozen=True)
class _Message:
    subscription: PushSubscription
    content: bytes


def subscribe(
    advisor: Advisor, *, session: str, endpoint: str, key: str, secret: str, now: datetime
) -> PushSubscription:
    """Let this browser be told, as long as its session lasts. Raises UnusableSubscriptionError."""
    if not is_askable(endpoint) or len(endpoint) > 1000:
        raise UnusableSubscriptionError
    if len(_read(key)) != 65 or len(_read(secret)) != 16:
        raise UnusableSubscriptionError
    unsubscribe(advisor, session=session)
    return PushSubscription.objects.create(
        company_id=advisor.company_id,
        advisor=advisor,
        session=session,
        endpoint=endpoint,
        key=key,
        secret=secret,
        since=now,
    )


def unsubscribe(advisor: Advisor, *, session: str) -> None:
    """Tell this browser nothing more."""
    PushSubscription.objects.filter(advisor=advisor, session=session).delete()


def push_due() -> int:
    """Push what waits, of all companies; how much it was. The worker calls it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, company_id FROM due_pushes(%s)", [_BATCH])
        due: list[tuple[int, int]] = cursor.fetchall()
    return sum(_push(notification_id, company_id, now=timezone.now()) for notification_id, company_id in due)


def _push(notification_id: int, company_id: int, *, now: datetime) -> bool:
    """Once, whatever comes of it: what could not be pushed still stands in the page."""
    with company(company_id):
        waiting = Notification.objects.filter(pk=notification_id, push_due=True)
        if not waiting.select_for_update(skip_locked=True).exists():
            return False
        waiting.update(push_due=False)
        messages = _messages(notification_id, now=now)
    gone = [message.subscription.pk for message in messages if not _is_wanted(message, now=now)]
    if gone:
        with company(company_id):
            PushSubscription.objects.filter(pk__in=gone).delete()
    return True


def _messages(notification_id: int, *, now: datetime) -> list[_Message]:
    """For each signed-in browser of its reader, if they may still see it and have not read it."""
    advisor = Advisor.objects.select_related("user", "company").get(notifications=notification_id)
    own = with_words(Notification.objects.of(advisor).filter(pk=notification_id, read_at__isnull=True))
    notification = own.first()
    if notification is None or not (advisor.is_active and advisor.user.is_active):
        return []
    live = Session.objects.filter(user=advisor.user, expire_date__gt=now).values("session_key")
    with translation.override(advisor.user.language):
        content = _content(notification)
    return [_Message(one, content) for one in advisor.push_subscriptions.filter(session__in=live)]


def _content(notification: Notification) -> bytes:
    words = words_of(notification)
    body = "\n".join(filter(None, (words.where, words.line)))
    url = reverse("ticket", args=[notification.ticket.number])
    return json.dumps({"title": words.what, "body": body[:500], "url": url}).encode()


def _is_wanted(message: _Message, *, now: datetime) -> bool:
    subscription = message.subscription
    receiver = Receiver(subscription.endpoint, _read(subscription.key), _read(subscription.secret))
    try:
        return push(receiver, message.content, now=now)
    except NotPushedError as error:
        log.warning("a notification was not pushed", error=str(error))
        return True


def _read(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
