"""The display name of the From line: what may stand in it, and what becomes of it in one mail.

Pure but for the errors' sentences. A name is stored with the placeholders' English names; people may write
and read them in their own language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from emailhub.mail import clean_name, normal_address

LIMIT = 100  # characters of the stored name
_WIRE_LIMIT = 150  # of the name in a mail, its placeholders filled in


class Placeholder(StrEnum):
    ADVISOR = "advisor"
    TEAM = "team"
    COMPANY = "company"


SPANISH: Mapping[Placeholder, str] = {
    Placeholder.ADVISOR: "asesor",
    Placeholder.TEAM: "equipo",
    Placeholder.COMPANY: "empresa",
}
_KNOWN = {placeholder.value: placeholder for placeholder in Placeholder} | {
    word: placeholder for placeholder, word in SPANISH.items()
}
_BRACES = re.compile(r"\{\s*([^{}]*?)\s*\}")
_AT_SIGN = re.compile("[@＠﹫]")  # filters take a name with an address in it for a forgery
_JOINS = "via|vía|from|of|at|de|del|desde|por|en"
_SEPARATORS = r"[\s,;:·|/–—-]"
_GAP = "\x00"  # where a placeholder came to nothing; no name holds it
_AROUND_GAP = re.compile(
    rf"\(\s*{_GAP}\s*\)"  # what stood in brackets by itself
    rf"|^{_SEPARATORS}*{_GAP}{_SEPARATORS}*(?:(?:{_JOINS})\s+)?"  # at the start with the word that follows
    rf"|{_SEPARATORS}*(?:\s(?:{_JOINS})\s+)?{_SEPARATORS}*{_GAP}",  # elsewhere with what leads to it
    re.IGNORECASE,
)
_SPACE_BEFORE = re.compile(r"\s+([,;:])")
_EDGES = re.compile(rf"^{_SEPARATORS}+|{_SEPARATORS}+$")


class DisplayNameError(ValueError):
    """A text that cannot be a display name; str() is the sentence for who typed it."""


class AtSignError(DisplayNameError):
    """It has an @: spam filters take the mail for a forgery."""

    def __str__(self) -> str:
        return _("A display name with an @ looks like a forged address to spam filters. Leave the @ out.")


class TooLongError(DisplayNameError):
    """It has more than LIMIT characters."""

    def __str__(self) -> str:
        return _("A display name has at most %(limit)s characters.") % {"limit": LIMIT}


class UnknownPlaceholderError(DisplayNameError):
    """It has braces around a word that stands for nothing."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word

    def __str__(self) -> str:
        return _("Nothing stands for {%(word)s}: only %(known)s.") % {
            "word": self.word,
            "known": ", ".join(placeholders(get_language() or "")),
        }


@dataclass(frozen=True, slots=True)
class Words:
    """What the placeholders stand for in one mail. Empty: they vanish."""

    team: str
    company: str
    advisor: str = ""

    def of(self, placeholder: Placeholder) -> str:
        match placeholder:
            case Placeholder.ADVISOR:
                return self.advisor
            case Placeholder.TEAM:
                return self.team
            case Placeholder.COMPANY:
                return self.company


def placeholders(language: str) -> list[str]:
    """The placeholders as this language has them, braces and all."""
    return [for_reading(f"{{{placeholder}}}", language) for placeholder in Placeholder]


def parse_display_name(typed: str) -> str:
    """The name to store: on one line, without invisible characters, its placeholders in English.

    Raises AtSignError, TooLongError, UnknownPlaceholderError.
    """
    name = clean_name(typed)
    if _AT_SIGN.search(name):
        raise AtSignError
    name = _BRACES.sub(_canonical, name)
    if len(name) > LIMIT:
        raise TooLongError
    return name


def _canonical(match: re.Match[str]) -> str:
    word = match[1].casefold()
    if word not in _KNOWN:
        raise UnknownPlaceholderError(match[1])
    return f"{{{_KNOWN[word].value}}}"


def for_reading(name: str, language: str) -> str:
    """A stored name with the placeholders as this language has them."""
    if not language.startswith("es"):
        return name
    return _BRACES.sub(
        lambda match: f"{{{SPANISH[_KNOWN[match[1]]]}}}" if match[1] in _KNOWN else match[0], name
    )


def fill(name: str, words: Words) -> str:
    """The name as it stands in one mail. What an empty placeholder was joined with goes with it."""
    filled = _BRACES.sub(lambda match: _value(match[1], words), name)
    if _GAP in filled:
        filled = _EDGES.sub("", _SPACE_BEFORE.sub(r"\1", _AROUND_GAP.sub(" ", filled)))
    return clean_name(filled)[:_WIRE_LIMIT].rstrip()


def _value(word: str, words: Words) -> str:
    """What a placeholder stands for, or a gap. Who is known only by an address has no name to show."""
    placeholder = _KNOWN.get(word.casefold())
    value = clean_name(words.of(placeholder)) if placeholder else ""
    if placeholder is Placeholder.ADVISOR and normal_address(value):
        return _GAP
    return _AT_SIGN.sub(" ", value) or _GAP
