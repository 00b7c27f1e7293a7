"""The table of news and ways on the profile page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from emailhub.accounts.models import Advisor
from emailhub.accounts.sessions import digest
from emailhub.desk.models import NotificationChoice
from emailhub.desk.news import News, Rhythm
from emailhub.desk.notification_choices import WAYS, choose
from emailhub.egress.web_push import public_key

from .requests import AdvisorRequest


@dataclass(frozen=True)
class ChoiceLine:
    """One kind of news, and on which ways it comes."""

    news: str
    label: str
    in_page: bool
    by_email: bool
    by_push: bool


@dataclass(frozen=True)
class ChoiceTable:
    lines: tuple[ChoiceLine, ...]
    rhythms: tuple[tuple[str, str, bool], ...]  # value, label, whether it is chosen
    is_pushed: bool  # whether this browser is told while no page is open
    push_key: str  # ours, for a browser that subscribes


def session_of(request: AdvisorRequest) -> str:
    """The name of the browser's session that may be stored."""
    return digest(request.session.session_key or "")


def choice_table(request: AdvisorRequest) -> ChoiceTable:
    """What the advisor has chosen, or the defaults."""
    advisor = request.advisor
    choice = NotificationChoice.of(advisor)
    return ChoiceTable(
        tuple(
            ChoiceLine(
                news.value,
                str(news.label),
                news in choice.in_page,
                news in choice.by_email,
                news in choice.by_push,
            )
            for news in News
        ),
        tuple((rhythm.value, str(rhythm.label), rhythm == choice.rhythm) for rhythm in Rhythm),
        is_pushed=advisor.push_subscriptions.filter(session=session_of(request)).exists(),
        push_key=public_key(),
    )


def store_choices(advisor: Advisor, posted: QueryDict) -> None:
    """As the table posts it: for each way the kinds that are ticked. An unknown rhythm is the usual one."""
    rhythm = posted.get("rhythm", "")
    known = rhythm if rhythm in Rhythm.values else Rhythm.AT_ONCE.value
    choose(advisor, {way: posted.getlist(way) for way in WAYS}, known)
