"""What is done once an hour: held mail is deleted when its time is up, managers hear of what is held, rules
are looked at, closed tickets go when the company keeps them no longer, files go whose links are over, and
what nobody needs any more is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emailhub.accounts.models import Company, Team
from emailhub.accounts.tenancy import company
from emailhub.desk import bulk, remote_pictures
from emailhub.desk.linked_files import forget_expired_files
from emailhub.desk.notifications import forget_old
from emailhub.hub import broken_rules
from emailhub.hub.models import Identity
from emailhub.hub.notices import tell_managers
from emailhub.rules.codes import Code

from .dry_run import PERIOD
from .models import Consideration, ReceivedMessage, SentReply, SilencedSender
from .retention import forget_expired

WAKE = "emailhub_housekeeping"  # nobody has to notify it: an hour is soon enough
DIGEST_HOUR = 8  # of the company's own day
NOTICE = timedelta(days=3)  # before held mail is deleted, the digest says so
_MOST = 500  # rows in one transaction
_LONGEST_CLOSURE = timedelta(days=400)  # a closed period in which a ticket gets one after-hours reply
_LOCK = 40


class Hourly:
    """A worker's loop calls it all the time; once an hour there is something to do."""

    def __init__(self, keep_house: Callable[[datetime], None]) -> None:
        self._keep_house = keep_house
        self._next: datetime | None = None

    def __call__(self) -> int:
        now = timezone.now()
        if self._next is None or now >= self._next:
            self._next = now + timedelta(hours=1)
            self._keep_house(now)
        return 0


def keep_house(now: datetime) -> None:
    """Go through all companies. Of several workers one does it; the others find nothing left to do."""
    for company_id in Company.objects.order_by("pk").values_list("pk", flat=True):
        with company(company_id):
            if _is_mine(company_id):
                keep_house_of(company_id, now=now)


def keep_house_of(company_id: int, *, now: datetime) -> None:
    """The same for one company, inside it."""
    broken_rules.sweep(now=now)
    for identity in Identity.objects.select_related("team__company").order_by("pk"):
        purge(identity, now=now)
        send_digest(identity, now=now)
    Consideration.objects.filter(company_id=company_id, at__lt=now - PERIOD).delete()
    bulk.forget_old(company_id, now=now)
    remote_pictures.forget_old(company_id, now=now)
    forget_expired(Company.objects.get(pk=company_id), now=now)
    SilencedSender.objects.filter(company_id=company_id, until__lt=now).delete()
    SentReply.objects.filter(company_id=company_id, at__lt=now - _LONGEST_CLOSURE).delete()
    forget_old(company_id, now=now)
    forget_expired_files(company_id, now=now)


def _is_mine(company_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, (%s %% 2147483647)::integer)", [_LOCK, company_id]
        )
        row: tuple[bool] = cursor.fetchone()
        return row[0]


def purge(identity: Identity, *, now: datetime) -> int:
    """Delete the bytes and the text of held and ignored mail whose time is up; return of how many.

    Who wrote it and what became of it stays told. The file itself goes when no row names it (store.collect).
    """
    rows = list(_kept(identity.team).filter(received_at__lt=now - _kept_for(identity)).order_by("pk")[:_MOST])
    for row in rows:
        row.content_key = row.preview = row.sender_name = ""
        row.purged_at = now
        row.trace = [*row.trace, [Code.PURGED, {}]]
    fields = ["content_key", "preview", "sender_name", "purged_at", "trace"]
    ReceivedMessage.objects.bulk_update(rows, fields)
    Consideration.objects.filter(received__in=rows).delete()
    return len(rows)


def send_digest(identity: Identity, *, now: datetime) -> None:
    """Tell the team's managers once a day what is held, if anything is. It quotes nobody."""
    zone = ZoneInfo(identity.team.company.time_zone)
    local = now.astimezone(zone)
    if local.hour < DIGEST_HOUR or identity.digest_on == local.date():
        return
    held = _kept(identity.team).filter(outcome=ReceivedMessage.Outcome.HELD, discarded_at__isnull=True)
    number = held.count()
    if number:
        soon = held.filter(received_at__lt=now - _kept_for(identity) + NOTICE).count()
        reasons = dict(held.values_list("reason").annotate(Count("pk")).order_by("reason"))
        tell_managers(identity.team, lambda: _words(identity.team, number, reasons, soon), now=now)
    Identity.objects.filter(pk=identity.pk).update(digest_on=local.date())


def _kept(team: Team) -> QuerySet[ReceivedMessage]:
    outcomes = [ReceivedMessage.Outcome.HELD, ReceivedMessage.Outcome.IGNORED]
    return ReceivedMessage.objects.filter(team=team, outcome__in=outcomes, purged_at__isnull=True)


def _kept_for(identity: Identity) -> timedelta:
    return timedelta(days=identity.keep_held_days)


def _words(team: Team, number: int, reasons: dict[str, int], soon: int) -> tuple[str, str]:
    subject = ngettext(
        "%(number)s email is held for %(team)s", "%(number)s emails are held for %(team)s", number
    )
    lines = [_("They wait until somebody lets them in or throws them away:"), ""]
    lines += [f"- {_reason(code)}: {count}" for code, count in reasons.items()]
    if soon:
        deleted = ngettext(
            "%(soon)s of them will be deleted within 3 days.",
            "%(soon)s of them will be deleted within 3 days.",
            soon,
        )
        lines += ["", deleted % {"soon": soon}]
    lines += ["", f"{settings.URL}/held/"]
    return subject % {"number": number, "team": team.name}, "\n".join(lines)


def _reason(code: str) -> str:
    words = {
        Code.HELD_UNKNOWN_SENDER: _("unknown sender"),
        Code.HELD_NOT_VERIFIED: _("sender not verified"),
        Code.HELD_UNREADABLE_SENDER: _("sender cannot be read"),
        Code.HELD_HUB_OFF: _("EmailHub is switched off"),
        Code.HELD_POSSIBLE_LOOP: _("possible loop"),
        Code.HELD_JUNK: _("junk"),
    }
    return words.get(Code(code), code) if code in set(Code) else code
