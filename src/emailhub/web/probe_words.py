"""What a probe of a forward has shown, in plain words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.hub.models import Probe
from emailhub.hub.probes import Judgement, judge, refusal_of

_TITLES: dict[Judgement, str | Promise] = {
    Judgement.LEAVING: _("The test is about to leave"),
    Judgement.UNDER_WAY: _("The test is under way"),
    Judgement.OK: _("It arrived, with its sender"),
    Judgement.LATE: _("It arrived, but it took more than half an hour"),
    Judgement.FROM_CHANGED: _("It arrived, but with another sender"),
    Judgement.BY_GROUP: _("It arrived through a mailing list or a group"),
    Judgement.ATTACHED: _("It arrived attached to another email"),
    Judgement.OTHER_TEAM: _("It arrived at another team's address"),
    Judgement.BLOCKED: _("Microsoft 365 does not let your mail be forwarded"),
    Judgement.REFUSED: _("A mail server refused the test"),
    Judgement.SILENCE: _("Nothing has come back within half an hour"),
}
_REMEDIES: dict[Judgement, str | Promise] = {
    Judgement.LEAVING: _(
        "It waits for this installation's mail server. If it stays here, ask whoever runs EmailHub."
    ),
    Judgement.UNDER_WAY: _("It can take a few minutes. This page shows by itself when it comes."),
    Judgement.OK: "",
    Judgement.LATE: _(
        "The forward works. Your provider delays mail for a while; customers' mail comes as late."
    ),
    Judgement.FROM_CHANGED: _(
        "Your server forwards mail as if it were its own, so the customer's address gets lost. In Exchange"
        " and Outlook use “redirect” instead of “forward”; elsewhere look for “redirect”, “alias” or “keep"
        " headers”."
    ),
    Judgement.BY_GROUP: _(
        "The group writes itself into the sender. In Google Groups add EmailHub's address as a member with"
        " “Each email” and let anyone post; or forward from a mailbox instead of a group."
    ),
    Judgement.ATTACHED: _(
        "Your server forwards mail as an attachment. Choose a forward that passes it on unchanged:"
        " “redirect”."
    ),
    Judgement.OTHER_TEAM: _("Your forward leads to another team. Copy the address above into it."),
    Judgement.BLOCKED: _(
        "Its answer was 5.7.520: external forwarding is off. In the Microsoft Defender portal, Email &"
        " collaboration → Policies & rules → Threat policies → Anti-spam, make an outbound policy for this"
        " mailbox alone with “Automatic forwarding rules: On”. It can take an hour."
    ),
    Judgement.REFUSED: _("Look at what it said: often the address is misspelt, or the mailbox is full."),
    Judgement.SILENCE: _(
        "Is the forward switched on, for the right mailbox, and does it lead to the address above? Is the"
        " test in the mailbox's junk folder? A test that still comes counts."
    ),
}


@dataclass(frozen=True)
class ProbeLine:
    """One probe as the page shows it."""

    probe: Probe
    judgement: Judgement
    title: str
    remedy: str
    said: str  # by the server that refused it

    @property
    def tone(self) -> str:
        """ok, waiting or bad."""
        return "ok" if self.judgement.is_proof else "waiting" if self.judgement.is_open else "bad"

    @property
    def seconds(self) -> int:
        """How long it took."""
        came = self.probe.came_at
        return round((came - self.probe.sent_at).total_seconds()) if came else 0


def probe_line(probe: Probe, *, now: datetime) -> ProbeLine:
    judgement = judge(probe, now=now)
    refusal = refusal_of(probe) if judgement in (Judgement.BLOCKED, Judgement.REFUSED) else None
    said = f"{refusal.status} {refusal.diagnostic}".strip() if refusal else ""
    return ProbeLine(probe, judgement, str(_TITLES[judgement]), str(_REMEDIES[judgement]), said)
