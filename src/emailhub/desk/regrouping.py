"""Split a ticket, move entries to another, merge two; and take each of it back.

What was merged stays as an empty, closed ticket that leads to the other: whoever has its number, and every
mail that names it, gets there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor
from emailhub.mail import is_sendable

from .carrying import CARRIED, carry
from .contacts import create_contact
from .errors import AlreadyUndoneError, NothingToMoveError, SameTicketError
from .live import announce
from .models import Activity, Contact, Draft, Follower, Message, Regrouping, Ticket
from .open_ticket import create_ticket
from .permissions import require_work
from .senders import hold_threads

_What = Regrouping.Kind


@dataclass(frozen=True)
class MergePreview:
    """What merging would do."""

    entries: int  # that come to the ticket that stays
    duplicates: int  # mails that it holds already: they stay behind
    other_customer: str  # the name of the other one's customer, where it is another
    reopens: bool  # the ticket that stays is closed, and somebody waits on the other one


def chosen(activity: Activity, *, onwards: bool) -> list[int]:
    """This entry, or it and all that was said after it on its ticket."""
    entries = Activity.objects.filter(ticket_id=activity.ticket_id, kind__in=CARRIED)
    wanted = entries.filter(id__gte=activity.pk) if onwards else entries.filter(pk=activity.pk)
    return list(wanted.order_by("id").values_list("pk", flat=True))


def split(activity: Activity, *, onwards: bool, by: Advisor, now: datetime) -> Ticket:
    """Open a ticket with this entry, or with all from it on. Its customer is who wrote it.

    Raises NotAllowedError, NothingToMoveError.
    """
    with transaction.atomic():
        ids = chosen(activity, onwards=onwards)
        _hold(activity.company_id, ids)
        (source,) = _lock(activity.ticket)
        require_work(by, source)
        target = create_ticket(
            team=source.team,
            contact=_author_of(ids, source),
            subject=_subject_of(ids) or source.subject,
            by=by,
            assignee=source.assignee,
            received_by=source.received_by,
            related_to=source.pk,
            now=now,
        )
        _regroup(_What.SPLIT, source, target, ids, by=by, now=now)
        return target


def move(activity: Activity, target: Ticket, *, onwards: bool, by: Advisor, now: datetime) -> None:
    """Take this entry, or all from it on, to another ticket.

    Raises NotAllowedError, SameTicketError, NothingToMoveError.
    """
    with transaction.atomic():
        ids = chosen(activity, onwards=onwards)
        _hold(activity.company_id, ids)
        source, target = _lock(activity.ticket, target)
        _require(by, source, target)
        _regroup(_What.MOVE, source, target, ids, by=by, now=now)


def preview_merge(kept: Ticket, gone: Ticket) -> MergePreview:
    """Say what merge() would do. Raises SameTicketError."""
    _require_two(kept, gone)
    entries = gone.activities.filter(kind__in=CARRIED)
    there = kept.messages.values("message_key")
    duplicates = entries.filter(message__message_key__in=there).count()
    return MergePreview(
        entries=entries.count() - duplicates,
        duplicates=duplicates,
        other_customer="" if kept.contact_id == gone.contact_id else gone.contact.name,
        reopens=kept.is_closed and gone.needs_reply_since is not None,
    )


def merge(kept: Ticket, gone: Ticket, *, by: Advisor, now: datetime) -> None:
    """Make `gone` part of `kept`: what was said, who takes part, follows and has a draft on it.

    Raises NotAllowedError, SameTicketError.
    """
    with transaction.atomic():
        kept, gone = _lock(kept, gone)
        _require(by, kept, gone)
        ids = list(gone.activities.filter(kind__in=CARRIED).values_list("pk", flat=True))
        done = _regroup(_What.MERGE, gone, kept, ids, by=by, now=now, was_closed=gone.is_closed)
        done.followers = list(Ticket.objects.filter(merged_into=gone).values_list("pk", flat=True))
        done.save(update_fields=["followers"])
        _lead_to(kept, gone, done, now=now)


def undo(done: Regrouping, *, by: Advisor, now: datetime) -> None:
    """Take a split, move or merge back: what went, and is still there, returns.

    Raises NotAllowedError, AlreadyUndoneError.
    """
    with transaction.atomic():
        source, target = _lock(done.source, done.target)
        _require_work_on_both(by, source, target)
        done = Regrouping.objects.select_for_update().get(pk=done.pk)
        if done.undone_at is not None:
            raise AlreadyUndoneError
        if done.kind == _What.MERGE:
            _separate(source, done, by=by, now=now)
        ids = carry(target, source, done.activity_ids, now=now)
        done.undone_at = now
        done.save(update_fields=["undone_at"])
        marks = Activity.objects.filter(kind=Activity.Kind.REGROUPED, detail__regrouping=done.pk)
        for entry in marks.filter(ticket__in=[source, target]):
            entry.detail["undone"] = True
            entry.save(update_fields=["detail"])
        _record(done, source, target, len(ids), by=by, now=now, undone=True)
        if done.kind == _What.SPLIT and not target.activities.filter(kind__in=CARRIED).exists():
            target.close(by=by, now=now)
            Ticket.objects.filter(pk=target.pk).update(merged_into=source)


def _regroup(
    kind: Regrouping.Kind,
    source: Ticket,
    target: Ticket,
    ids: list[int],
    *,
    by: Advisor,
    now: datetime,
    was_closed: bool = False,
) -> Regrouping:
    went = carry(source, target, ids, now=now)
    if not went and kind != _What.MERGE:
        raise NothingToMoveError
    done = Regrouping.objects.create(
        company_id=source.company_id,
        kind=kind,
        source=source,
        target=target,
        activity_ids=went,
        was_closed=was_closed,
        by=by,
        at=now,
    )
    _record(done, source, target, len(went), by=by, now=now)
    return done


def _record(
    done: Regrouping,
    source: Ticket,
    target: Ticket,
    count: int,
    *,
    by: Advisor,
    now: datetime,
    undone: bool = False,
) -> None:
    """Say it in both timelines and in the audit; open pages draw their timelines anew."""
    for ticket, other, way in ((source, target, "out"), (target, source, "in")):
        detail: dict[str, object] = {
            "what": f"{done.kind}_undone" if undone else done.kind,
            "way": way,
            "other": other.number,
            "count": count,
            "regrouping": done.pk,
        }
        ticket.record(Activity.Kind.REGROUPED, by=by, at=now, detail=detail)
        announce(ticket.company_id, ticket.team_id, ticket.pk, "regrouped", done.pk)
    _audit(done, source, target, by=by, now=now, undone=undone)


def _audit(
    done: Regrouping, source: Ticket, target: Ticket, *, by: Advisor, now: datetime, undone: bool
) -> None:
    there = f"#{target.number}"
    change = audit.Change(there, "") if undone else audit.Change("", there)
    changes: dict[str, audit.Change] = {f"ticket_{done.kind}": change}
    audit.record(
        audit.Kind.TICKET,
        f"#{source.number}",
        by=by,
        at=now,
        action=audit.Action.CHANGED,
        team=source.team,
        **changes,
    )


def _lead_to(kept: Ticket, gone: Ticket, done: Regrouping, *, now: datetime) -> None:
    """Close the one that is empty now, and let everything that leads to it lead to the other."""
    gone.close(by=done.by, now=now)
    Ticket.objects.filter(pk__in=[gone.pk, *done.followers]).update(merged_into=kept)
    there = kept.drafts.values("advisor_id", "channel")
    taken = {(draft["advisor_id"], draft["channel"]) for draft in there}
    for draft in Draft.objects.filter(ticket=gone):
        if (draft.advisor_id, draft.channel) not in taken:
            Draft.objects.filter(pk=draft.pk).update(ticket=kept)
    Follower.objects.bulk_create(
        (
            Follower(company_id=kept.company_id, ticket=kept, advisor_id=row.advisor_id, since=now)
            for row in gone.followers.all()
        ),
        ignore_conflicts=True,
    )


def _separate(source: Ticket, done: Regrouping, *, by: Advisor, now: datetime) -> None:
    """The ticket that was merged stands for itself again, as do those that led to it."""
    Ticket.objects.filter(pk__in=done.followers, merged_into=done.target_id).update(merged_into=source)
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    if not done.was_closed:
        source.reopen(by=by, now=now)


def _lock(*tickets: Ticket) -> tuple[Ticket, ...]:
    """The tickets as they are now, locked in the order of their ids: two never wait for each other."""
    found = (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("team__company", "contact", "assignee__user", "company", "received_by")
        .order_by("pk")
        .in_bulk([ticket.pk for ticket in tickets])
    )
    return tuple(found[ticket.pk] for ticket in tickets)


def _require(by: Advisor, one: Ticket, other: Ticket) -> None:
    _require_work_on_both(by, one, other)
    _require_two(one, other)


def _require_work_on_both(by: Advisor, *tickets: Ticket) -> None:
    for ticket in tickets:
        require_work(by, ticket)


def _require_two(one: Ticket, other: Ticket) -> None:
    if one.pk == other.pk or one.merged_into_id or other.merged_into_id:
        raise SameTicketError


def _hold(company_id: int, ids: list[int]) -> None:
    """Let no mail be filed that answers one of these until they are where they go."""
    messages = Message.objects.filter(activity_id__in=ids).exclude(message_id="")
    hold_threads(company_id, messages.order_by("id").values_list("message_id", flat=True))


def _author_of(ids: list[int], source: Ticket) -> Contact:
    """Who wrote the first of these mails: a contact, a new one where nobody knows them, or the customer."""
    first = Message.objects.filter(activity_id__in=ids, outgoing__isnull=True).order_by("id").first()
    if first is None or not is_sendable(first.sender_address):
        return source.contact
    known = Contact.objects.filter(company_id=source.company_id).with_address(first.sender_address).first()
    name = first.sender_name or first.sender_address.partition("@")[0]
    return known or create_contact(source.company, name=name, address=first.sender_address)


def _subject_of(ids: list[int]) -> str:
    mails = Message.objects.filter(activity_id__in=ids).order_by("id")
    return mails.values_list("subject", flat=True).first() or ""
