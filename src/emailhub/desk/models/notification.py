"""What an advisor is told about, on which ways, and which tickets they follow."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q

from emailhub.accounts.models import Advisor, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from ..news import BY_EMAIL, BY_PUSH, IN_PAGE, News, Rhythm
from ..telling import NotificationQuerySet
from .ticket import Activity, Ticket


class Follower(Tenant):
    """An advisor who hears of a ticket although it is not theirs."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="followers", db_constraint=False, db_index=False
    )
    advisor = models.ForeignKey(
        Advisor, on_delete=models.CASCADE, related_name="follows", db_constraint=False
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("ticket"),
            SameCompany("advisor"),
            models.UniqueConstraint(fields=["company", "ticket", "advisor"], name="desk_follower_once"),
        ]


class Notification(Tenant):
    """That something happened on a ticket, for one advisor. Its words are made when it is shown.

    So it never tells of a ticket that its reader may not see any more, and is gone with its activity.
    """

    advisor = models.ForeignKey(
        Advisor, on_delete=models.CASCADE, related_name="notifications", db_constraint=False, db_index=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="notifications", db_constraint=False
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="notifications", db_constraint=False
    )
    kind = models.CharField(max_length=20, choices=News)
    at = models.DateTimeField()
    in_page = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)  # null: no e-mail about it, or none any more
    push_due = models.BooleanField(default=False)

    objects = NotificationQuerySet.as_manager()

    @staticmethod
    def browsers_of(advisor: OuterRef) -> models.QuerySet[PushSubscription]:
        """The browsers of the advisor of an outer query that want to be told."""
        return PushSubscription.objects.filter(advisor=advisor)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("advisor"),
            SameCompany("ticket"),
            SameCompany("activity"),
            # One act tells somebody once, also if it writes several entries.
            models.UniqueConstraint(
                fields=["company", "advisor", "ticket", "at"], name="desk_notification_once_an_act"
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "advisor", "-id"],
                condition=Q(in_page=True, read_at__isnull=True),
                name="desk_notification_unread",
            ),
            models.Index(fields=["company", "advisor", "-id"], name="desk_notification_newest"),
            models.Index(
                fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="desk_notification_mail"
            ),
            models.Index(fields=["id"], condition=Q(push_due=True), name="desk_notification_push"),
        ]


class NotificationChoice(Tenant):
    """Of which news an advisor is told on which way. Who has no row has chosen nothing."""

    advisor = models.OneToOneField(
        Advisor, on_delete=models.CASCADE, related_name="notification_choice", db_constraint=False
    )
    in_page = ArrayField(models.CharField(max_length=20), blank=True)
    by_email = ArrayField(models.CharField(max_length=20), blank=True)
    by_push = ArrayField(models.CharField(max_length=20), blank=True)
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)

    class Meta:
        constraints = [OWN_COMPANY, SameCompany("advisor")]

    @classmethod
    def of(cls, advisor: Advisor) -> NotificationChoice:
        """What the advisor has chosen; else the defaults, in a row that is not stored."""
        stored: NotificationChoice | None = cls.objects.filter(advisor=advisor).first()
        return stored or cls(
            company_id=advisor.company_id,
            advisor=advisor,
            in_page=[*IN_PAGE],
            by_email=[*BY_EMAIL],
            by_push=[*BY_PUSH],
        )


class PushSubscription(Tenant):
    """A browser in which an advisor is signed in, and is told what is new also while the page is closed."""

    advisor = models.ForeignKey(
        Advisor,
        on_delete=models.CASCADE,
        related_name="push_subscriptions",
        db_constraint=False,
        db_index=False,
    )
    session = models.CharField(max_length=64)  # its digest: who signs out there is told nothing more there
    endpoint = models.CharField(max_length=1000)
    key = models.CharField(max_length=100)  # base64url, as the browser names it: p256dh
    secret = models.CharField(max_length=30)  # ... auth
    since = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("advisor"),
            models.UniqueConstraint(
                fields=["company", "advisor", "session"], name="desk_pushsubscription_one_a_browser"
            ),
        ]
