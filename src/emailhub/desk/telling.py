"""Who hears of something that happened on a ticket: written with it, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from emailhub.accounts.models import Advisor, Membership, Role
from emailhub.accounts.permissions import readers_of

from .news import BY_EMAIL, BY_PUSH, IN_PAGE, News, Rhythm, mail_due_at

if TYPE_CHECKING:
    from .models import Activity, Notification, NotificationChoice


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, advisor: Advisor) -> Self:
        """The advisor's own, about tickets that they may (still) read."""
        return self.filter(
            company_id=advisor.company_id,
            advisor_id=advisor.pk,
            ticket__team_id__in=advisor.readable_team_ids(),
        )

    def unread(self) -> Self:
        """Those that the page counts."""
        return self.filter(in_page=True, read_at__isnull=True)

    def tell(
        self, activity: Activity, named: Mapping[int | None, News] | None = None, *, team: bool = False
    ) -> None:
        """Tell the advisors who are named by id, who follows the ticket, and perhaps the team's members.

        Nobody hears of their own act, of a ticket that they may not read, or twice of one act. Where the
        same act tells somebody of two things, the first one stays.
        """
        named = named or {}
        rows = []
        for advisor in _audience(activity, named, team=team):
            works = team and advisor.works
            news = named.get(advisor.pk) or (News.TEAM if works else News.FOLLOWED)
            rows.append(self._row(activity, news, advisor))
        self.bulk_create([row for row in rows if row], ignore_conflicts=True)

    def tell_of_message(self, activity: Activity) -> None:
        """A mail came in: its assignee hears of it; where there is none, the team."""
        ticket = activity.ticket
        is_first = ticket.last_activity_id == 0  # a rule has given it to the assignee
        news = News.ASSIGNED if is_first else News.REPLY
        self.tell(activity, {ticket.assignee_id: news}, team=ticket.assignee_id is None)

    def _row(self, activity: Activity, news: News, advisor: Advisor) -> Notification | None:
        """None where the advisor wants to hear of it on no way."""
        choice: NotificationChoice | None = getattr(advisor, "notification_choice", None)
        in_page = news in (choice.in_page if choice else IN_PAGE)
        by_email = news in (choice.by_email if choice else BY_EMAIL)
        wants_push = news in (choice.by_push if choice else BY_PUSH)
        by_push = wants_push and advisor.has_browser  # type: ignore[attr-defined]
        if not (in_page or by_email or by_push):
            return None
        rhythm = choice.rhythm if choice else Rhythm.AT_ONCE
        return self.model(
            company_id=activity.company_id,
            advisor=advisor,
            ticket_id=activity.ticket_id,
            activity=activity,
            kind=news,
            at=activity.at,
            in_page=in_page,
            mail_due_at=mail_due_at(rhythm, advisor.user.time_zone, now=activity.at) if by_email else None,
            push_due=by_push,
        )


def _audience(
    activity: Activity, named: Mapping[int | None, News], *, team: bool
) -> models.QuerySet[Advisor, Any]:
    """In one question, with what each has chosen."""
    ticket = activity.ticket
    follows = Exists(ticket.followers.filter(advisor=OuterRef("pk")))
    members = Membership.objects.filter(advisor=OuterRef("pk"), team_id=ticket.team_id)
    works = Q(Exists(members)) & ~Q(role=Role.VIEW_ONLY)
    wanted = Q(pk__in=[pk for pk in named if pk]) | Q(follows)
    readers = readers_of(ticket.team).exclude(pk=activity.advisor_id or 0)
    found = readers.filter(wanted | works if team else wanted)
    browsers = Exists(ticket.notifications.model.browsers_of(OuterRef("pk")))
    return found.annotate(works=works, has_browser=browsers).select_related("user", "notification_choice")
