"""The words of an automatic reply as a form has them, and as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import escape, linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from emailhub import mail
from emailhub.accounts.models import Language, Team
from emailhub.hub.automatic_replies import preview, replies_of, variables_in, with_variables_in
from emailhub.hub.models import AutomaticReply
from emailhub.rules import ReplyKind


@dataclass(frozen=True)
class KindWords:
    """A kind of automatic reply."""

    title: str | Promise
    lead: str | Promise
    once: str | Promise


KINDS = {
    ReplyKind.ACKNOWLEDGEMENT: KindWords(
        _("New ticket"),
        _("Tells who opens a ticket by email that their email has arrived."),
        _("Once a ticket"),
    ),
    ReplyKind.AFTER_HOURS: KindWords(
        _("After hours"),
        _("Tells who writes while the team is closed when it opens again. It goes instead of the other."),
        _("Once a ticket and closed period"),
    ),
}


@dataclass(frozen=True)
class ReplyCard:
    """One automatic reply in short."""

    kind: ReplyKind
    words: KindWords
    enabled: bool
    sample: str


@dataclass(frozen=True)
class LanguageText:
    """A reply's words in one language, its variables as that language has them."""

    language: str
    label: str
    subject: str
    html: str
    text: str
    variables: list[str]
    is_company_s: bool  # whoever reads another language gets these


def reply_cards(team: Team, now: datetime) -> list[ReplyCard]:
    """Both replies with their words as a customer would read them."""
    rows = replies_of(team)
    return [
        ReplyCard(kind, words, rows[kind].enabled, _sample(team, kind, now)) for kind, words in KINDS.items()
    ]


def texts_of(team: Team, row: AutomaticReply) -> list[LanguageText]:
    """The stored words, the company's language first."""
    return [_language_text(team, language, row.texts.get(language, {})) for language in _languages(team)]


def typed_texts(team: Team, post: QueryDict) -> list[LanguageText]:
    """The words that a form has sent."""
    return [_language_text(team, language, read_text(post, language)) for language in _languages(team)]


def read_text(post: QueryDict, language: str) -> dict[str, str]:
    """Subject and HTML in one language: of the rich field, or the plain text with its lines kept."""
    html = post.get(f"html-{language}", "")
    if not html or mail.is_too_complex(html):
        html = linebreaks(escape(post.get(f"text-{language}", "")))
    return {"subject": post.get(f"subject-{language}", ""), "html": html}


def _languages(team: Team) -> list[str]:
    return sorted(Language.values, key=lambda language: language != team.company.language)


def _language_text(team: Team, language: str, text: dict[str, str]) -> LanguageText:
    html = with_variables_in(text.get("html", ""), language)
    return LanguageText(
        language=language,
        label=Language(language).label,
        subject=with_variables_in(text.get("subject", ""), language),
        html=html,
        text=mail.plain_text(html),
        variables=variables_in(language),
        is_company_s=language == team.company.language,
    )


def _sample(team: Team, kind: ReplyKind, now: datetime) -> str:
    shown = preview(team, kind, get_language() or team.company.language, now=now)
    return mail.plain_text(shown.text.html) if shown else ""
