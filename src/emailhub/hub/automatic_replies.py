"""The words of a team's automatic replies: change them, and fill them in for one mail.

They hold nothing of the mail that they answer: a stranger's words would go out under our name, and to
whomever the stranger forged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from emailhub import mail
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Language, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.mail import Mailbox
from emailhub.rules import ReplyKind

from .automatic_reply import AutomaticReply
from .hours import hours_of
from .models import HubAddress, Identity
from .policy import changed
from .rule_errors import TextMissingError, UnknownVariableError
from .ways_out import keeps_headers

SUBJECT_LIMIT = 200
TEXT_LIMIT = 20_000  # characters of HTML


class Variable(StrEnum):
    """What may stand in braces in a text."""

    CONTACT_NAME = "contact_name"  # of a contact who was there before the mail
    TICKET_NUMBER = "ticket_number"
    TEAM = "team"
    COMPANY = "company"
    NEXT_OPENING = "next_opening"


SPANISH: Mapping[str, Variable] = {
    "nombre": Variable.CONTACT_NAME,
    "ticket": Variable.TICKET_NUMBER,
    "equipo": Variable.TEAM,
    "empresa": Variable.COMPANY,
    "apertura": Variable.NEXT_OPENING,
}
_KNOWN: Mapping[str, Variable] = {variable.value: variable for variable in Variable} | dict(SPANISH)
_BRACES = re.compile(r"(\s?)\{\s{0,3}([^{}<>]{0,40}?)\s{0,3}\}")
_SUBJECTS = {
    ReplyKind.ACKNOWLEDGEMENT: gettext_noop("We have received your email (#{ticket_number})"),
    ReplyKind.AFTER_HOURS: gettext_noop("We are closed at the moment (#{ticket_number})"),
}
_TEXTS = {
    ReplyKind.ACKNOWLEDGEMENT: gettext_noop(
        "<p>Hello {contact_name},</p><p>we have received your email. It is ticket #{ticket_number}, and"
        " {team} will answer you as soon as possible.</p><p>{team}<br>{company}</p>"
    ),
    ReplyKind.AFTER_HOURS: gettext_noop(
        "<p>Hello {contact_name},</p><p>your email has arrived while we are closed. We open again"
        " {next_opening}, and will answer you then. It is ticket #{ticket_number}.</p>"
        "<p>{team}<br>{company}</p>"
    ),
}


@dataclass(frozen=True)
class Text:
    """What a mail says."""

    subject: str
    html: str


@dataclass(frozen=True)
class Preview:
    """An automatic reply as it would leave now."""

    sender: Mailbox
    text: Text


def replies_of(team: Team) -> dict[ReplyKind, AutomaticReply]:
    """Both replies of a team. One that was never set is off, with the words that we propose."""
    rows = {row.kind: row for row in AutomaticReply.objects.filter(team=team)}
    return {kind: rows.get(kind) or _proposed(team, kind) for kind in ReplyKind}


def _proposed(team: Team, kind: ReplyKind) -> AutomaticReply:
    texts = {language: proposed_text(kind, language) for language in Language.values}
    return AutomaticReply(company_id=team.company_id, team=team, kind=kind, texts=texts)


def proposed_text(kind: ReplyKind, language: str) -> dict[str, str]:
    """The words that a reply starts with."""
    with translation.override(language):
        return {"subject": _(_SUBJECTS[kind]), "html": _(_TEXTS[kind])}


def set_automatic_reply(
    team: Team,
    kind: ReplyKind,
    *,
    enabled: bool,
    texts: Mapping[str, Mapping[str, str]],
    by: Advisor,
    now: datetime,
) -> AutomaticReply:
    """Switch a reply on or off and set its words by language.

    An empty language is answered in the company's. Raises NotPermittedError, TextMissingError,
    UnknownVariableError.
    """
    require(may_manage(by, team))
    kept = {language: text for language in Language.values if (text := _checked(texts.get(language, {})))}
    if enabled and team.company.language not in kept:
        raise TextMissingError
    Identity.objects.select_for_update().get(team=team)  # of two at once the second changes the first's
    row = AutomaticReply.objects.filter(team=team, kind=kind).first()
    before = row or AutomaticReply(company_id=team.company_id, team=team, kind=kind)
    change = audit.Change(before.enabled, enabled)
    words = audit.Change(str(before.texts), str(kept))
    before.enabled, before.texts = enabled, kept
    before.save()
    changed(team)
    audit.record(audit.Kind.AUTOMATIC_REPLY, str(kind), by=by, at=now, team=team, enabled=change, texts=words)
    return before


def _checked(text: Mapping[str, str]) -> dict[str, str] | None:
    """The words as they are stored: the HTML made safe, the variables by their English names."""
    subject = " ".join(text.get("subject", "").split())[:SUBJECT_LIMIT]
    html = mail.sanitise_outgoing(text.get("html", "")[:TEXT_LIMIT])
    if not (subject and mail.plain_text(html).strip()):
        return None
    return {"subject": _BRACES.sub(_canonical, subject), "html": _BRACES.sub(_canonical, html)}


def _canonical(match: re.Match[str]) -> str:
    word = match[2].casefold()
    if word not in _KNOWN:
        raise UnknownVariableError(match[2])
    return f"{match[1]}{{{_KNOWN[word].value}}}"


def text_in(texts: Mapping[str, Mapping[str, str]], *languages: str) -> tuple[str, Mapping[str, str]]:
    """The language and the words for somebody who reads the first of these languages best."""
    found = next((language for language in languages if language in texts), next(iter(texts), ""))
    return found, texts.get(found, {})


def values_for(
    team: Team, language: str, *, contact_name: str, ticket_number: int, now: datetime
) -> dict[Variable, str]:
    """What the variables stand for in one mail."""
    return {
        Variable.CONTACT_NAME: contact_name,
        Variable.TICKET_NUMBER: str(ticket_number),
        Variable.TEAM: team.name,
        Variable.COMPANY: team.company.name,
        Variable.NEXT_OPENING: _opening(team, language, now),
    }


def _opening(team: Team, language: str, now: datetime) -> str:
    hours = hours_of(team)
    opens = hours.opens_next(now)
    if opens is None:
        return ""
    with translation.override(language):
        local = timezone.localtime(opens, ZoneInfo(str(hours.zone)))
        # Translators: when a team opens again, in the form of Django's date filter.
        return date_format(local, _(r"\o\n l j F \a\t H:i"))


def fill(text: Mapping[str, str], values: Mapping[Variable, str]) -> Text:
    """The words with the variables filled in. An empty one goes with the space before it."""

    def plain(match: re.Match[str]) -> str:
        value = values.get(_KNOWN[match[2]], "") if match[2] in _KNOWN else match[0]
        return f"{match[1]}{value}" if value else ""

    def markup(match: re.Match[str]) -> str:
        return escape(plain(match))

    return Text(
        subject=_BRACES.sub(plain, text.get("subject", "")).strip(),
        html=_BRACES.sub(markup, text.get("html", "")),
    )


def preview(
    team: Team, kind: ReplyKind, language: str, *, typed: Mapping[str, str] | None = None, now: datetime
) -> Preview | None:
    """The reply as a known customer would get it now; None: the team has no address to send from.

    `typed` are words that are not stored yet. Raises UnknownVariableError.
    """
    sender = sender_of(team)
    if sender is None:
        return None
    text = text_in(replies_of(team)[kind].texts, language)[1] if typed is None else _checked(typed) or {}
    with translation.override(language):
        name = _("Maria Example")
    values = values_for(team, language, contact_name=name, ticket_number=1234, now=now)
    return Preview(sender, fill(text, values))


def sender_of(team: Team) -> Mailbox | None:
    """The From line of the team's automatic replies, or None: it has nothing to send from."""
    address = _sender_address(team)
    if address is None:
        return None
    name = address.team.identity.automatic_from_name()
    if keeps_headers(address):
        return Mailbox(name, address.address)
    generated = HubAddress.objects.filter(team=team, kind=HubAddress.Kind.GENERATED).order_by("-id").first()
    return Mailbox(name, generated.address) if generated else None


def answers_to(team: Team) -> tuple[Mailbox, ...]:
    """Where answers to an automatic reply go, if not to the address in its From line.

    Without its headers an automatic reply would be answered by other machines, so it leaves by our own relay
    where the team's mail leaves by an account that takes them away.
    """
    address = _sender_address(team)
    if address is None or keeps_headers(address):
        return ()
    return (Mailbox("", address.address),)


def _sender_address(team: Team) -> HubAddress | None:
    rows = HubAddress.objects.filter(team=team, is_sender=True, team__identity__enabled=True)
    return rows.select_related("team__identity", "team__company", "connection").first()


def variables_in(language: str) -> list[str]:
    """The variables as this language has them, braces and all."""
    return [_in(language, variable) for variable in Variable]


def with_variables_in(text: str, language: str) -> str:
    """Stored words with the variables as this language has them."""
    return _BRACES.sub(
        lambda match: (
            match[1] + (_in(language, _KNOWN[match[2]]) if match[2] in _KNOWN else match[0].strip())
        ),
        text,
    )


def _in(language: str, variable: Variable) -> str:
    spanish = {of: word for word, of in SPANISH.items()}
    return f"{{{spanish[variable] if language.startswith('es') else variable.value}}}"
