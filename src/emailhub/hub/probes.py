"""Does mail to an address reach the team? A mail with a token goes out, and has to come back.

Its Message-ID, subject and text hold the token, so that it is known again however it was forwarded.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.delivery import outbox
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.mail import Mailbox

from .errors import AddressTakenError, TooManyProbesError
from .models import HubAddress, OwnAddress, Probe
from .own_addresses import accept_forward

IN_TIME = timedelta(minutes=30)
_MOST_AN_HOUR = 12  # of a team
_BLOCKED = "5.7.520"  # Exchange Online: the company does not let mail be forwarded outside
_GROUP_FIELDS = ("list-id", "x-google-group-id", "mailing-list")
_NOT_DELIVERED = (OutgoingRecipient.State.FAILED, OutgoingRecipient.State.BOUNCED)


class Judgement(StrEnum):
    """What a probe has shown until now."""

    LEAVING = "leaving"  # it waits in our outbox
    UNDER_WAY = "under_way"
    OK = "ok"
    LATE = "late"  # it came back as it should, after more than half an hour
    FROM_CHANGED = "from_changed"
    BY_GROUP = "by_group"
    ATTACHED = "attached"
    OTHER_TEAM = "other_team"
    BLOCKED = "blocked"  # Microsoft's words for a forward that is not allowed
    REFUSED = "refused"  # somebody's server did not take it
    SILENCE = "silence"

    @property
    def is_proof(self) -> bool:
        """Whether mail to the address reaches the team with its sender."""
        return self in (Judgement.OK, Judgement.LATE)

    @property
    def is_open(self) -> bool:
        return self in (Judgement.LEAVING, Judgement.UNDER_WAY)


def send_probe(team: Team, address: str, *, by: Advisor, now: datetime) -> Probe:
    """Send a mail with a token to one of the team's addresses, or to one on its way to be.

    Raises TooManyProbesError.
    """
    require(may_manage(by, team))
    if Probe.objects.filter(team=team, sent_at__gt=now - timedelta(hours=1)).count() >= _MOST_AN_HOUR:
        raise TooManyProbesError
    token = secrets.token_hex(16)
    return Probe.objects.create(
        company_id=team.company_id,
        team=team,
        address=address,
        token=token,
        outgoing=_post(team, address, token, now),
        sent_at=now,
    )


def probes_to(team: Team, address: str) -> list[Probe]:
    """The last probes to this address, the newest first."""
    rows = Probe.objects.filter(team=team, address=address).select_related("outgoing").order_by("-id")
    return list(rows[:5])


def judge(probe: Probe, *, now: datetime) -> Judgement:
    """What the probe has shown until now."""
    if probe.found == Probe.Found.INTACT and probe.came_at is not None:
        return Judgement.OK if probe.came_at - probe.sent_at <= IN_TIME else Judgement.LATE
    if probe.found:
        return Judgement(probe.found)
    if refused := refusal_of(probe):
        return (
            Judgement.BLOCKED if _BLOCKED in f"{refused.status} {refused.diagnostic}" else Judgement.REFUSED
        )
    if probe.outgoing.state in (OutgoingMessage.State.QUEUED, OutgoingMessage.State.SENDING):
        return Judgement.LEAVING
    return Judgement.SILENCE if now - probe.sent_at > IN_TIME else Judgement.UNDER_WAY


def refusal_of(probe: Probe) -> OutgoingRecipient | None:
    """What a server said that did not take the probe, or could not hand it on."""
    return probe.outgoing.recipients.filter(state__in=_NOT_DELIVERED).first()


def find_probe(message: mail.Message) -> Probe | None:
    """The probe of this company that a received mail is, or holds."""
    token = mail.probe_token(message)
    return Probe.objects.select_related("team__company").filter(token=token[0]).first() if token else None


def receive_probe(probe: Probe, message: mail.Message, *, team: Team, came_to: str, now: datetime) -> None:
    """Note how a probe came back, and let the address be the team's if that proves it."""
    found = _how_it_came(probe, message, team)
    order = Probe.BEST.index
    if probe.found and order(Probe.Found(probe.found)) <= order(found):
        return  # another copy, no better
    probe.found, probe.came_at, probe.came_to = found, now, came_to[:254]
    probe.came_from = message.sender.address[:254] if message.sender else ""
    probe.save(update_fields=["found", "came_at", "came_to", "came_from"])
    own = OwnAddress.objects.select_related("team").filter(team=probe.team, address=probe.address).first()
    if own is not None and found == Probe.Found.INTACT:
        _accept(own, now)


def _accept(own: OwnAddress, now: datetime) -> None:
    try:
        accept_forward(own, now=now)
    except AddressTakenError:
        return  # the page says so when the manager goes on; a worker has nobody to tell


def _how_it_came(probe: Probe, message: mail.Message, team: Team) -> Probe.Found:
    token = mail.probe_token(message)
    if team.pk != probe.team_id:
        return Probe.Found.OTHER_TEAM
    if token is not None and token[1]:
        return Probe.Found.ATTACHED
    if message.sender is not None and message.sender.address == _sender().address:
        return Probe.Found.INTACT
    through_group = any(message.header(name) for name in _GROUP_FIELDS)
    return Probe.Found.BY_GROUP if through_group else Probe.Found.FROM_CHANGED


def _sender() -> Mailbox:
    return Mailbox("EmailHub", f"emailhub@{settings.MAIL_DOMAIN}")


def _post(team: Team, address: str, token: str, now: datetime) -> OutgoingMessage:
    """No fields of automatic mail: they would keep a server from saying why it did not forward it."""
    words = _(
        "This mail tests whether mail to %(address)s reaches the team %(team)s in EmailHub."
        " Nobody has to do anything with it."
    ) % {"address": address, "team": team.name}
    mark = mail.probe_subject(token)
    draft = mail.Draft(
        message_id=f"{mark}@{settings.MAIL_DOMAIN}",
        sender=_sender(),
        to=(Mailbox("", address),),
        subject=_("Test of EmailHub: %(mark)s") % {"mark": mark},
        date=now,
        text=f"{words}\n\n{mark}\n",
    )
    return outbox.enqueue(
        company_id=team.company_id,
        channel=outbox.channel_of(team.company),
        message_id=draft.message_id,
        content=mail.compose(draft),
        recipients=[address],
        due_at=now,
        now=now,
    )


def generated_address_of(team: Team) -> HubAddress | None:
    """The address that EmailHub gave the team, the newest of several: it receives whatever is set up."""
    rows = HubAddress.objects.filter(team=team, kind=HubAddress.Kind.GENERATED)
    return rows.order_by("-is_sender", "-id").first()
