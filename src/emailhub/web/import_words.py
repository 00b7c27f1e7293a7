"""An import in words: what columns can be, and why a row was not taken."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.desk.importing.columns import Field
from emailhub.desk.importing.reasons import Reason

COLUMN_WORDS: Mapping[str, str | Promise] = {
    Field.NAME: _("Whole name"),
    Field.FIRST_NAME: _("First name"),
    Field.LAST_NAME: _("Surname"),
    Field.EMAIL: _("Email"),
    Field.PHONE: _("Phone"),
    Field.ORGANISATION: _("Organisation"),
    Field.ACCOUNT_NUMBER: _("Account number"),
    Field.LANGUAGE: _("Language"),
    Field.SEGMENTS: _("Segments"),
}
ENCODING_WORDS: Mapping[str, str | Promise] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": _("Windows (Western European)"),
    "cp850": _("DOS (Western European)"),
    "mac_roman": _("Macintosh"),
}
DELIMITER_WORDS: Mapping[str, str | Promise] = {
    ",": _("Comma"),
    ";": _("Semicolon"),
    "\t": _("Tabulator"),
    "|": _("Vertical bar"),
}
_REASONS: Mapping[str, str | Promise] = {
    Reason.EMPTY: _("It has neither a name nor an address nor a phone number."),
    Reason.BAD_ADDRESS: _("“%(detail)s” is not an email address that can be written to."),
    Reason.BAD_PHONE: _("“%(detail)s” is not a phone number."),
    Reason.BAD_LANGUAGE: _("“%(detail)s” is not a language that EmailHub speaks."),
    Reason.TOO_LONG: _("“%(detail)s” is too long."),
    Reason.TOO_MANY_CELLS: _("It has more cells than the file has columns (%(detail)s)."),
    Reason.TWO_CONTACTS: _("It belongs to several contacts: %(detail)s. Merge them first."),
    Reason.PHONE_TAKEN: _("Its address is new, but its phone number belongs to %(detail)s."),
    Reason.TWICE: _("It is the same person as row %(detail)s."),
    Reason.EXISTS: _("%(detail)s was there already and stayed as it was."),
    Reason.NOTHING_NEW: _("It says nothing new of %(detail)s."),
    Reason.CONFIRMED: _("%(detail)s is a known contact from now on."),
    Reason.AT_ONCE: _("Somebody else saved the same address in the same moment."),
    Reason.IN_USE: _("%(detail)s has tickets or emails by now and was kept."),
    Reason.CHANGED: _("%(detail)s was changed since and was kept."),
}


def column_choices() -> list[tuple[str, str | Promise]]:
    """What a column can be, for a select."""
    return list(COLUMN_WORDS.items())


def explain(reason: str, detail: str) -> str:
    """Why a row was not taken, as a sentence."""
    return str(_REASONS.get(reason, reason)) % {"detail": detail}
