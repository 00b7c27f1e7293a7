"""The records of a company's domain in plain words: what stands there, what should, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.hub.domain_records import Mistake, Purpose, Record, State
from emailhub.hub.models import SendingDomain
from emailhub.hub.sending_domains import records_of

_TITLES: dict[Purpose, str | Promise] = {
    Purpose.OWNERSHIP: _("Ownership of the domain"),
    Purpose.DKIM: _("DKIM signature"),
    Purpose.DMARC: "DMARC",
    Purpose.SPF: "SPF",
}
_NOTES: dict[Purpose, str | Promise] = {
    Purpose.OWNERSHIP: _("TXT · needed to send"),
    Purpose.DKIM: _("TXT · needed to send"),
    Purpose.DMARC: _("TXT · recommended"),
    Purpose.SPF: "TXT",
}
_STATES: dict[State, str | Promise] = {
    State.OK: _("Right"),
    State.MISSING: _("Not there yet"),
    State.MISMATCH: _("Does not match"),
    State.UNKNOWN: _("Your DNS servers do not answer"),
}
_REMEDIES: dict[Mistake, str | Promise] = {
    Mistake.NONE: "",
    Mistake.DOUBLED_DOMAIN: _(
        "Your provider has put the domain behind it once more. Enter the name without the domain, or a value"
        " with a dot at its end."
    ),
    Mistake.WRONG_HOST: _("The value stands at the domain itself. It belongs under the name above."),
    Mistake.QUOTED: _("Quotation marks or backslashes have become part of the value. Enter it without them."),
    Mistake.CUT: _(
        "The key is not whole. If your provider takes at most 255 characters, enter it in two strings, one"
        " behind the other, without a space in the key."
    ),
    Mistake.OTHER_KEY: _("Another value stands there. Replace it by this one."),
    Mistake.SEVERAL: _("There are several records where one may be, and receivers then believe none."),
    Mistake.ALIAS_ELSEWHERE: _("The CNAME leads to something that has not our key."),
}
_TONES = {State.OK: "ok", State.MISMATCH: "warn", State.MISSING: "quiet", State.UNKNOWN: "quiet"}
_ICONS = {State.OK: "done", State.MISMATCH: "alert", State.MISSING: "clock", State.UNKNOWN: "clock"}


@dataclass(frozen=True)
class RecordLine:
    """A record as the page shows it."""

    record: Record
    title: str
    note: str
    state: str
    tone: str
    icon: str
    remedy: str

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something with it."""
        return self.record.state is not State.OK and self.record.required

    @property
    def shows_expected(self) -> bool:
        """A policy that is there needs no proposal beside it."""
        is_policy = self.record.purpose is Purpose.DMARC and self.record.state is State.OK
        return bool(self.record.expected) and not is_policy


def record_lines(domain: SendingDomain) -> list[RecordLine]:
    return [_line(record) for record in records_of(domain)]


def _line(record: Record) -> RecordLine:
    is_policy = record.purpose is Purpose.DMARC and record.state is State.OK
    return RecordLine(
        record=record,
        title=str(_TITLES[record.purpose]),
        note=str(_NOTES[record.purpose]),
        state=str(_("You have a policy, leave it as it is") if is_policy else _STATES[record.state]),
        tone=_TONES[record.state],
        icon=_ICONS[record.state],
        remedy=str(_REMEDIES[record.mistake]),
    )
