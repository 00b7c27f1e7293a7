"""Held and ignored mail: who sees it, and what a person may do with it. Nobody outside hears of any of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from emailhub import store
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, may_release_held, require
from emailhub.desk.models import Contact, Message
from emailhub.hub.inbound_rule import InboundRule
from emailhub.hub.models import Identity
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.rules import Action
from emailhub.rules.codes import Code
from emailhub.rules.matching import Condition, Field, Operator

from .carry_out import Work, carry_out, store_files
from .deciding import decide_on
from .gather import lock
from .models import ReceivedMessage
from .process import examine

Outcome = ReceivedMessage.Outcome
_KEPT = (Outcome.HELD, Outcome.IGNORED)


class HeldError(Exception):
    """It cannot be done with this mail. Nothing was changed; str() is the sentence for the user."""


class NotHeldError(HeldError):
    """Somebody has decided on the mail already, or its time was up."""

    def __str__(self) -> str:
        return _("This email is no longer held: somebody has decided on it, or it was deleted.")


class StillOffError(HeldError):
    """It was held because EmailHub is off for the team, and it still is."""

    def __str__(self) -> str:
        return _("EmailHub is switched off for this team. Switch it on before you release its emails.")


class NobodyToIgnoreError(HeldError):
    """The mail names no sender whom a rule could ignore."""

    def __str__(self) -> str:
        return _("This email names no sender that a rule could ignore.")


def held_for(advisor: Advisor) -> QuerySet[ReceivedMessage]:
    """The held mail that the advisor may see, newest first; without what was discarded."""
    return _kept_for(advisor, Outcome.HELD).filter(discarded_at__isnull=True)


def ignored_for(advisor: Advisor) -> QuerySet[ReceivedMessage]:
    """The mail that rules ignored, newest first."""
    return _kept_for(advisor, Outcome.IGNORED)


def discarded_for(advisor: Advisor) -> QuerySet[ReceivedMessage]:
    """The held mail that somebody discarded, newest first. It can be taken back until its time is up."""
    return _kept_for(advisor, Outcome.HELD).filter(discarded_at__isnull=False)


def held_from(contact: Contact, advisor: Advisor) -> QuerySet[ReceivedMessage]:
    """The held mail of a contact's addresses: to be offered where somebody has just added them."""
    addresses = contact.emails.values_list("address", flat=True)
    return held_for(advisor).filter(sender_address__in=addresses)


def _kept_for(advisor: Advisor, outcome: str) -> QuerySet[ReceivedMessage]:
    teams = advisor.readable_team_ids() if advisor.may_write else frozenset()
    rows = ReceivedMessage.objects.filter(
        company_id=advisor.company_id, team_id__in=teams, outcome=outcome, purged_at__isnull=True
    )
    return rows.select_related("team").order_by("-id")


def release(row: ReceivedMessage, *, add_contact: bool, by: Advisor, now: datetime) -> Message:
    """Let a held mail in, and return the message that it became on a ticket.

    `add_contact` makes its sender a known contact; otherwise only this mail is let in. The team's routes
    apply; no automatic reply is sent. Raises NotPermittedError, HeldError, UnreadableError,
    store.MissingError.
    """
    code = Code.RELEASED_WITH_CONTACT if add_contact else Code.RELEASED
    return _let_in(row, code, (Outcome.HELD,), by=by, now=now)


def restore(row: ReceivedMessage, *, by: Advisor, now: datetime) -> Message:
    """Put a mail that a rule ignored where it would be without that rule. Raises as release() does."""
    return _let_in(row, Code.RESTORED, (Outcome.IGNORED,), by=by, now=now)


def release_from(contact: Contact, *, by: Advisor, now: datetime) -> int:
    """Let in all held mail of a contact that the advisor may release, oldest first; return how many."""
    rows = [row for row in held_from(contact, by).order_by("id") if may_release_held(by, _team_of(row))]
    for row in rows:
        release(row, add_contact=False, by=by, now=now)
    return len(rows)


def discard(row: ReceivedMessage, *, by: Advisor, now: datetime) -> None:
    """Throw a held mail away, in silence. It can be taken back. Raises NotPermittedError, NotHeldError."""
    row = _locked(row, (Outcome.HELD,), by=by)
    if row.discarded_at is None:
        row.discarded_at = now
        _note(row, Code.DISCARDED, by)
        _save(row, "discarded_at", by=by, now=now, was="held", became="discarded")


def undo_discard(row: ReceivedMessage, *, by: Advisor, now: datetime) -> None:
    """Take the discarding back: the mail is held as before. Raises NotPermittedError, NotHeldError."""
    row = _locked(row, (Outcome.HELD,), by=by)
    if row.discarded_at is not None:
        row.discarded_at = None
        _note(row, Code.DISCARD_UNDONE, by)
        _save(row, "discarded_at", by=by, now=now, was="discarded", became="held")


def always_ignore(row: ReceivedMessage, *, by: Advisor, now: datetime) -> InboundRule:
    """Ignore the sender from now on: a rule on top of the team's, and all that is held of them here.

    Only who may change the team's rules may do it. Raises NotPermittedError, HeldError, RuleError.
    """
    row = _locked(row, (Outcome.HELD,), by=by)
    team = _team_of(row)
    require(may_manage(by, team))
    if not row.sender_address:
        raise NobodyToIgnoreError
    rule = create_rule(team, _ignoring(row.sender_address), by=by, now=now)
    rows = ReceivedMessage.objects.select_for_update(of=("self",)).filter(
        team=team, outcome=Outcome.HELD, purged_at__isnull=True, sender_address=row.sender_address
    )
    for held in rows.select_related("team").order_by("id"):
        held.outcome, held.reason, held.rule = Outcome.IGNORED, Code.IGNORED, rule
        held.discarded_at = None
        _note(held, Code.IGNORED_FROM_NOW_ON, by, rule=rule.name)
        _save(held, "outcome", "reason", "rule", "discarded_at", by=by, now=now, was="held", became="ignored")
    return rule


def _ignoring(address: str) -> RuleForm:
    return RuleForm(
        name=_("Ignore %(address)s") % {"address": address},
        conditions=(Condition(Field.SENDER_ADDRESS, Operator.IS, (address,)),),
        action=Action.IGNORE,
    )


def _let_in(
    row: ReceivedMessage, code: Code, outcomes: Collection[str], *, by: Advisor, now: datetime
) -> Message:
    """Decide on the mail once more, as on one that just came and that nothing keeps back."""
    require(may_release_held(by, _team_of(row)))
    if row.purged_at is not None:
        raise NotHeldError
    raw = store.get(by.company_id, row.content_key)
    reading, new_text = examine(row, by.company_id, raw, apart=True)
    with transaction.atomic():
        lock(reading)
        row = _locked(row, outcomes, by=by)
        _refuse_if_off(row)
        work = Work(
            reading=replace(reading, row=row),
            files=store_files(by.company_id, reading.message),
            new_text=new_text,
            now=now,
            confirms=code == Code.RELEASED_WITH_CONTACT,
        )
        return _file(work, code, by=by)


def _file(work: Work, code: Code, *, by: Advisor) -> Message:
    row, was = work.reading.row, work.reading.row.outcome
    decided = decide_on(work.reading, now=work.now, released=True)
    row.discarded_at = None
    _note(row, code, by)
    carry_out(decided, work)
    if row.filed_as is None:  # it turned out to be no mail for a ticket
        raise NotHeldError
    change = audit.Change(was, row.outcome)
    audit.record(audit.Kind.HELD_MAIL, row.sender_address, by=by, at=work.now, team=row.team, outcome=change)
    return row.filed_as


def _locked(row: ReceivedMessage, outcomes: Collection[str], *, by: Advisor) -> ReceivedMessage:
    """The row as it is now, until the transaction ends. Raises NotPermittedError, HeldError."""
    rows = ReceivedMessage.objects.select_for_update(of=("self",)).select_related("team__company")
    row = rows.get(pk=row.pk)
    team = _team_of(row)
    require(may_release_held(by, team))
    if row.outcome not in outcomes or row.purged_at is not None:
        raise NotHeldError
    return row


def _refuse_if_off(row: ReceivedMessage) -> None:
    if not Identity.objects.filter(team=_team_of(row), enabled=True).exists():
        raise StillOffError


def _team_of(row: ReceivedMessage) -> Team:
    assert row.team is not None
    return row.team


def _note(row: ReceivedMessage, code: Code, by: Advisor, **detail: str) -> None:
    row.trace = [*row.trace, [code, {"by": str(by), **detail}]]


def _save(row: ReceivedMessage, *fields: str, by: Advisor, now: datetime, was: str, became: str) -> None:
    row.save(update_fields=[*fields, "trace"])
    change = audit.Change(was, became)
    audit.record(audit.Kind.HELD_MAIL, row.sender_address, by=by, at=now, team=row.team, outcome=change)
