"""The test bench: a mail is chosen, dropped or described, and the page says what would become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.core.files import File
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emailhub import store
from emailhub.accounts.models import Team
from emailhub.hub.models import InboundRule
from emailhub.intake.accounting import delivery_of, find_deliveries
from emailhub.intake.explain import Explained, NobodyError, explain_raw, explain_stored, explain_typed
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.preview import UnreadableError
from emailhub.rules.matching import Condition, holds

from . import rule_words
from .decision_words import decision_words, names_of
from .traces import TraceLine, trace_lines

_OFFERED = 12
_LARGEST = 30_000_000  # octets of a dropped mail


class BenchForm(forms.Form):
    """A mail as somebody describes it."""

    sender = forms.CharField(label=gettext_lazy("From"), max_length=320)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=500, required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True)
class ConditionLine:
    """A condition of the rule that matched, and whether it holds for this mail."""

    sentence: str
    holds: bool


@dataclass(frozen=True)
class Verdict:
    """What would become of the mail."""

    rule: InboundRule | None
    place: int
    conditions: list[ConditionLine]
    outcome: str
    trace: list[TraceLine]


@dataclass(frozen=True)
class Answer:
    """What the bench says: a verdict, or why there is none."""

    verdict: Verdict | None = None
    error: str = ""
    chosen: int | None = None  # the received mail that was asked about


def offered_mails(team: Team, words: str) -> list[ReceivedMessage]:
    """The newest mails of the team that hold the words, to choose from."""
    return list(find_deliveries(team, words=words)[:_OFFERED])


def answer_about(
    team: Team, form: BenchForm, asked: QueryDict, file: File[bytes] | None, *, now: datetime
) -> Answer:
    """The answer about a dropped mail, a received one, or the one that the form describes."""
    chosen = asked.get("received", "")
    try:
        if file is not None:
            return _about_file(team, file, now)
        if chosen.isdecimal():
            return _about_received(team, int(chosen), now)
        return _about_typed(team, form, now)
    except (UnreadableError, store.MissingError):
        return Answer(error=_("This email cannot be read any more."))
    except NobodyError:
        return Answer(error=_("Say who writes: an address like name@example.com."))


def _about_file(team: Team, file: File[bytes], now: datetime) -> Answer:
    if (file.size or 0) > _LARGEST:
        return Answer(error=_("This file is too large for an email."))
    return Answer(_verdict(team, explain_raw(team, file.read(), now=now)))


def _about_received(team: Team, received_id: int, now: datetime) -> Answer:
    row = delivery_of(team, received_id)
    if row is None:
        raise Http404
    if row.purged_at is not None:
        return Answer(error=_("This email cannot be read any more."), chosen=row.pk)
    return Answer(_verdict(team, explain_stored(row, now=now)), chosen=row.pk)


def _about_typed(team: Team, form: BenchForm, now: datetime) -> Answer:
    if not form.is_valid():
        return Answer(error=_("Say who writes: an address like name@example.com."))
    said = form.cleaned_data
    explained = explain_typed(
        team, sender=said["sender"], subject=said["subject"], text=said["text"], now=now
    )
    return Answer(_verdict(team, explained))


def _verdict(team: Team, explained: Explained) -> Verdict:
    rows = InboundRule.objects.filter(team=team)
    rule = rows.filter(pk=explained.rule.rule_id).first() if explained.rule else None
    names = names_of(team.company_id, [explained.decision])
    return Verdict(
        rule=rule,
        place=rule.position + 1 if rule else 0,
        conditions=_conditions(rule, explained) if rule else [],
        outcome=decision_words(explained.decision, names),
        trace=trace_lines([[step.code, dict(step.detail)] for step in explained.steps]),
    )


def _conditions(rule: InboundRule, explained: Explained) -> list[ConditionLine]:
    if explained.letter is None:
        return []
    letter = explained.letter
    return [ConditionLine(_sentence(each), holds(each, letter)) for each in rule.read_conditions()]


def _sentence(condition: Condition) -> str:
    values = ", ".join(_("“%(value)s”") % {"value": value} for value in condition.values[:5])
    return f"{rule_words.FIELDS[condition.field]} {rule_words.OPERATORS[condition.operator]} {values}"
