"""Tickets and their one timeline. What changes a ticket writes its entry in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from emailhub import mail
from emailhub.accounts.models import Advisor, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from ..live import announce
from ..news import News
from ..queries import ActivityQuerySet, TicketQuerySet
from .contact import Contact


class TicketCounter(Tenant):
    """The last ticket number of a company."""

    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            OWN_COMPANY,
            models.UniqueConstraint(fields=["company"], name="desk_ticketcounter_one"),
        ]


class Ticket(Tenant):
    """A customer's matter. What changes it writes an activity in the same transaction."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting")
        SNOOZED = "snoozed", _("Snoozed")  # out of sight until its time, or until the customer writes
        CLOSED = "closed", _("Closed")

    number = models.PositiveBigIntegerField()
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="tickets", db_constraint=False, db_index=False
    )
    received_by = models.ForeignKey(  # the team whose address it came in by; kept when it moves
        Team, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="tickets", db_constraint=False, db_index=False
    )
    assignee = models.ForeignKey(
        Advisor,
        on_delete=models.SET_NULL,
        null=True,
        related_name="tickets",
        db_constraint=False,
        db_index=False,
    )
    follow_up_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="follow_ups", db_constraint=False
    )
    related_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="relatives", db_constraint=False
    )
    merged_into = models.ForeignKey(  # where all that was said on it is now; then it is closed
        "self", on_delete=models.SET_NULL, null=True, related_name="merged", db_constraint=False
    )
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    normal_subject = models.CharField(max_length=998, blank=True)  # mail.normalise_subject
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=200, blank=True)
    needs_reply_since = models.DateTimeField(null=True, blank=True)  # the customer waits since
    problem_summary = models.TextField(_("problem summary"), blank=True)
    created_at = models.DateTimeField()
    # What the list shows, kept here so that a page of a million tickets is one index walk.
    last_activity_at = models.DateTimeField()
    last_activity_id = models.BigIntegerField(default=0)  # of a message or note, never of a quiet event
    last_author = models.CharField(max_length=100, blank=True)
    last_line = models.CharField(max_length=200, blank=True)
    has_attachments = models.BooleanField(default=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("received_by"),
            SameCompany("contact"),
            SameCompany("assignee"),
            SameCompany("follow_up_of"),
            SameCompany("related_to"),
            SameCompany("merged_into"),
            models.UniqueConstraint(fields=["company", "number"], name="desk_ticket_number"),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="desk_ticket_closed_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(status="snoozed", snoozed_until__isnull=False)
                | (~Q(status="snoozed") & Q(snoozed_until__isnull=True)),
                name="desk_ticket_snoozed_has_instant",
            ),
        ]
        # Each list is a walk along one of these, as far as its page. The first one counts the views too,
        # without a look at the rows. Those that are not closed are few among many years' tickets.
        indexes = [
            models.Index(
                fields=["company", "team", "status", "-last_activity_at", "-id"],
                include=["assignee"],
                name="desk_ticket_team",
            ),
            models.Index(fields=["company", "status", "-last_activity_at", "-id"], name="desk_ticket_status"),
            models.Index(fields=["company", "-last_activity_at", "-id"], name="desk_ticket_all"),
            models.Index(
                fields=["company", "assignee", "-last_activity_at", "-id"],
                condition=Q(status__in=["open", "waiting"]),
                name="desk_ticket_mine",
            ),
            models.Index(
                fields=["company", "-last_activity_at", "-id"],
                condition=Q(needs_reply_since__isnull=False),
                name="desk_ticket_unanswered",
            ),
            models.Index(
                fields=["company", "needs_reply_since", "id"],
                condition=Q(needs_reply_since__isnull=False),
                name="desk_ticket_longest",
            ),
            models.Index(  # of all companies: what wakes next
                fields=["snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="desk_ticket_wakes",
            ),
            models.Index(fields=["company", "contact", "-last_activity_at"], name="desk_ticket_contact"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    def close(self, *, by: Advisor | None, now: datetime) -> None:
        """Close the ticket. Closing a closed ticket changes nothing."""
        if not self.is_closed:
            self._change(status=self.Status.CLOSED, closed_at=now, needs_reply_since=None)
            self.record(Activity.Kind.CLOSED, by=by, at=now)

    def reopen(self, *, by: Advisor | None, now: datetime) -> None:
        """Open a closed ticket again. Its assignee keeps it while still active in the team.

        One that is part of another ticket stays closed: nothing is said on it any more.
        """
        if self.is_closed and self.merged_into_id is None:
            self._change(status=self.Status.OPEN, closed_at=None)
            self.record(Activity.Kind.REOPENED, by=by, at=now)
            self._drop_absent_assignee(now=now)

    def wait(self, *, by: Advisor | None, now: datetime) -> None:
        """Wait for the customer. A closed ticket stays closed."""
        if self.status in (self.Status.OPEN, self.Status.SNOOZED):
            self._change(status=self.Status.WAITING, needs_reply_since=None)
            self.record(Activity.Kind.WAITING, by=by, at=now)

    def open(self, *, by: Advisor | None, now: datetime) -> None:
        """Take a waiting ticket up again."""
        if self.status == self.Status.WAITING:
            self._change(status=self.Status.OPEN)
            self.record(Activity.Kind.OPENED, by=by, at=now)

    def snooze(self, until: datetime, *, reason: str, by: Advisor | None, now: datetime) -> None:
        """Out of sight until then, or until the customer writes. A closed ticket stays closed."""
        if not self.is_closed:
            reason = " ".join(reason.split())[:200]
            self._change(status=self.Status.SNOOZED, snoozed_until=until, snooze_reason=reason)
            detail: dict[str, object] = {"until": until.isoformat(), "reason": reason}
            self.record(Activity.Kind.SNOOZED, by=by, at=now, detail=detail)

    def wake(self, *, by: Advisor | None, now: datetime, why: str = "") -> None:
        """Bring a snoozed ticket back to the open ones. `why`: "time", "mail", or nothing: by hand."""
        if self.status == self.Status.SNOOZED:
            detail: dict[str, object] = {"why": why, "reason": self.snooze_reason}
            self._change(status=self.Status.OPEN)
            self.record(Activity.Kind.WOKEN, by=by, at=now, detail=detail)

    def assign(self, assignee: Advisor | None, *, by: Advisor | None, now: datetime) -> None:
        """Give the ticket to an advisor, or to nobody."""
        if self.assignee_id != (assignee and assignee.id):
            before = self.assignee
            self._change(assignee=assignee)
            activity = self.record(
                Activity.Kind.ASSIGNED,
                by=by,
                at=now,
                detail={
                    "from": str(before or ""),
                    "to": str(assignee or ""),
                    "to_id": assignee and assignee.id,
                },
            )
            self.notifications.tell(activity, {self.assignee_id: News.ASSIGNED})

    def move(self, team: Team, *, by: Advisor | None, now: datetime) -> None:
        """Move the ticket to another team, unassigned unless its assignee is a member there too."""
        if self.team_id != team.id:
            before = self.team
            self._change(team=team)
            moved = self.record(
                Activity.Kind.MOVED, by=by, at=now, detail={"from": before.name, "to": team.name}
            )
            announce(self.company_id, before.id, self.id, "ticket", self.id)
            self._drop_absent_assignee(now=now)
            self.notifications.tell(moved, team=self.assignee_id is None)

    def change_subject(self, subject: str, *, by: Advisor | None, now: datetime) -> None:
        """Name the matter differently. Mails keep the subjects they had."""
        subject = " ".join(subject.split())[:998]
        if subject != self.subject:
            before = self.subject
            self._change(subject=subject, normal_subject=mail.normalise_subject(subject))
            self.record(Activity.Kind.SUBJECT, by=by, at=now, detail={"from": before, "to": subject})

    def change_contact(self, contact: Contact, *, by: Advisor | None, now: datetime) -> None:
        """Make another contact the customer of this ticket: an explicit, recorded act."""
        if self.contact_id != contact.id:
            before = self.contact
            self._change(contact=contact)
            self.record(
                Activity.Kind.CONTACT, by=by, at=now, detail={"from": before.name, "to": contact.name}
            )

    def describe(self, summary: str) -> None:
        """Set the problem summary. It is a memo, not an event."""
        self._change(problem_summary=summary.strip()[:5000])
        announce(self.company_id, self.team_id, self.id, "ticket", self.id)

    def await_reply(self, *, now: datetime) -> None:
        """The customer waits for us from now on, or still does: the ticket is open."""
        self.wake(by=None, now=now, why="mail")
        self._change(status=self.Status.OPEN, closed_at=None, needs_reply_since=self.needs_reply_since or now)

    def take_in(
        self, activity: Activity, *, author: str, line: str, needs_reply: bool, has_files: bool
    ) -> None:
        """Show a received message as the last one; the customer waits from now on where it needs a reply."""
        fields: dict[str, object] = _as_last(activity, author, line)
        if has_files:
            fields["has_attachments"] = True
        if needs_reply and not self.is_closed:
            self.wake(by=None, now=activity.at, why="mail")
            fields["status"] = self.Status.OPEN
            fields["needs_reply_since"] = self.needs_reply_since or activity.at
        self._change(**fields)

    def record(
        self,
        kind: Activity.Kind,
        *,
        by: Advisor | None,
        at: datetime,
        text: str = "",
        html: str = "",
        detail: dict[str, object] | None = None,
    ) -> Activity:
        """Add an entry to the timeline and tell the open pages. Call it inside the change's transaction.

        The text of a message or note can be searched for, together with the ticket's subject; a new
        subject by itself.
        """
        activity = Activity.objects.create(
            company_id=self.company_id,
            ticket=self,
            kind=kind,
            at=at,
            advisor=by,
            text=text,
            html=html,
            detail=detail or {},
            search=search_words(f"{self.subject}\n{text}") if kind in Activity.FINDABLE else None,
        )
        if kind != Activity.Kind.CREATED:  # the first message is announced, in the same transaction
            announce(self.company_id, self.team_id, self.id, "activity", activity.id)
        return activity

    def show_last(self, activity: Activity, *, author: str, line: str) -> None:
        """Let the list show this message or note as the ticket's last."""
        self._change(**_as_last(activity, author, line))

    def _drop_absent_assignee(self, *, now: datetime) -> None:
        if self.assignee is None:
            return
        in_team = self.assignee.memberships.filter(team_id=self.team_id).exists()
        if not (self.assignee.may_write and in_team):
            self.assign(None, by=None, now=now)

    def _change(self, **fields: object) -> None:
        if fields.get("status", self.Status.SNOOZED) != self.Status.SNOOZED:
            fields |= {"snoozed_until": None, "snooze_reason": ""}
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))


def _as_last(activity: Activity, author: str, line: str) -> dict[str, object]:
    return {
        "last_activity_at": activity.at,
        "last_activity_id": activity.id,
        "last_author": author[:100],
        "last_line": line[:200],
    }


def search_words(text: str) -> Func:
    """The expression that makes a text findable: words without accents, in no language."""
    return Func(Value(text), function="search_words", output_field=SearchVectorField())


class Activity(Tenant):
    """One entry of a ticket's timeline. Its order is its id: the order in which we learned of it."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Email received")
        SENT = "sent", _("Email sent")
        NOTE = "note", _("Internal note")
        CREATED = "created", _("Ticket created")
        ASSIGNED = "assigned", _("Assigned")
        MOVED = "moved", _("Moved to another team")
        WAITING = "waiting", _("Waiting on customer")
        OPENED = "opened", _("Opened")
        CHAT_RECEIVED = "chat_received", _("Chat received")
        CHAT_SENT = "chat_sent", _("Chat sent")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        SUBJECT = "subject", _("Subject changed")
        CONTACT = "contact", _("Contact changed")
        NOT_DELIVERED = "not_delivered", _("Not delivered")
        AUTOMATIC_REPLY = "automatic_reply", _("Automatic reply sent")
        JUNK = "junk", _("Marked as junk")
        SILENCED = "silenced", _("No more automatic replies to a sender")
        SNOOZED = "snoozed", _("Snoozed")
        WOKEN = "woken", _("Back from its snooze")
        TAGGED = "tagged", _("Tags changed")
        LINKED = "linked", _("Linked with another ticket")
        REGROUPED = "regrouped", _("Split, moved or merged")

        OPTED_OUT = "opted_out", _("Wants no more text messages")
        OPTED_IN = "opted_in", _("Wants text messages again")

    CHATS = (Kind.CHAT_RECEIVED, Kind.CHAT_SENT)
    MESSAGES = (Kind.RECEIVED, Kind.SENT, Kind.NOTE, *CHATS)
    FINDABLE = (*MESSAGES, Kind.SUBJECT)

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="activities", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    advisor = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    text = models.TextField(blank=True)  # what it says, as text: of a note, of a message without its history
    html = models.TextField(blank=True)  # a note's sanitised HTML
    detail = models.JSONField(default=dict, blank=True)  # of an event: what it was and what it became
    search = SearchVectorField(null=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        constraints = [OWN_COMPANY, SameCompany("ticket"), SameCompany("advisor")]
        indexes = [
            models.Index(fields=["company", "ticket", "id"], name="desk_activity_timeline"),
            GinIndex(fields=["search"], name="desk_activity_search"),
        ]


class Seen(Tenant):
    """How far an advisor has read a ticket."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="seen", db_constraint=False, db_index=False
    )
    advisor = models.ForeignKey(Advisor, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    activity_id = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "seen"
        constraints = [
            OWN_COMPANY,
            SameCompany("ticket"),
            SameCompany("advisor"),
            models.UniqueConstraint(fields=["company", "advisor", "ticket"], name="desk_seen_one"),
        ]
