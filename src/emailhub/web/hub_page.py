"""What a team's EmailHub page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage
from emailhub.desk.junk import blocked_of
from emailhub.hub.addresses import next_address, outdated_by_rename
from emailhub.hub.confirmations import confirmations_of
from emailhub.hub.display_name import LIMIT, DisplayNameError, for_reading, parse_display_name, placeholders
from emailhub.hub.errors import UnprovedSenderError
from emailhub.hub.identity import identity_of
from emailhub.hub.models import (
    BlockedSender,
    ForwardingConfirmation,
    HubAddress,
    Identity,
    SendingDomain,
)
from emailhub.hub.sending_domains import failing_domains
from emailhub.hub.ways_out import keeps_headers
from emailhub.intake.health import Health, health_of

from .connection_list import ConnectionLine, connection_lines
from .reply_form import ReplyCard, reply_cards


@dataclass(frozen=True)
class AddressRow:
    """One of the team's addresses. `refusal` says why it cannot be the sender."""

    row: HubAddress
    former_name: str  # of the team when it was made, if it was another
    refusal: str


@dataclass(frozen=True)
class FromLine:
    """How a mail's sender looks in the customer's mailbox."""

    name: str
    automatic_name: str
    address: str
    error: str = ""


@dataclass(frozen=True)
class HubPage:
    """A team's EmailHub as one advisor sees it."""

    identity: Identity
    may_change: bool
    health: Health
    addresses: list[AddressRow]
    sender: HubAddress | None
    offered: str  # the address that they would get, where team or company were renamed
    name: str  # the display name, its placeholders in the reader's language
    name_limit: int
    placeholders: list[str]
    from_line: FromLine
    names_are_ours: bool  # else the account by which mail leaves puts its own name into From
    replies: list[ReplyCard]
    confirmations: list[ForwardingConfirmation]  # what providers ask before they forward
    blocked: list[BlockedSender]
    missing_proofs: list[SendingDomain]  # their DNS records are gone
    connections: list[ConnectionLine]  # to other servers


def build_hub_page(
    team: Team, advisor: Advisor, *, typed: str | None = None, now: datetime
) -> HubPage | None:
    """The page, or None where EmailHub was never switched on. `typed` is a display name that was refused."""
    identity = identity_of(team)
    if identity is None:
        return None
    addresses = HubAddress.objects.select_related("connection").filter(team=team)
    rows = list(addresses.order_by("-is_sender", "-id"))
    language = get_language() or ""
    name = for_reading(identity.display_name, language) if typed is None else typed
    return HubPage(
        identity=identity,
        may_change=may_manage(advisor, team),
        health=health_of(team),
        addresses=[_address_row(row, team) for row in rows],
        sender=next((row for row in rows if row.is_sender), None),
        offered=next_address(team) if outdated_by_rename(team) else "",
        name=name,
        name_limit=LIMIT,
        placeholders=placeholders(language),
        from_line=preview_from_line(identity, name, advisor),
        names_are_ours=all(keeps_headers(row) for row in rows if row.is_sender),
        replies=reply_cards(team, now),
        confirmations=list(confirmations_of(team)),
        blocked=list(blocked_of(team)),
        missing_proofs=failing_domains(team),
        connections=connection_lines(team, now=now),
    )


def preview_from_line(identity: Identity, typed: str, advisor: Advisor) -> FromLine:
    """The From line with the name that somebody is typing, as if this advisor wrote."""
    rows = HubAddress.objects.select_related("connection").filter(team_id=identity.team_id)
    sender = rows.filter(is_sender=True).first()
    address = sender.address if sender else ""
    try:
        identity.display_name = parse_display_name(typed)
    except DisplayNameError as error:
        return FromLine("", "", address, str(error))
    name = identity.from_name(advisor)
    if sender and sender.connection and not keeps_headers(sender):
        name = sender.connection.settings.get("mailbox_name") or address
    return FromLine(name, identity.automatic_from_name(), address)


def _address_row(row: HubAddress, team: Team) -> AddressRow:
    former = row.team_name if row.team_name and row.team_name != team.name else ""
    return AddressRow(row, former, "" if row.may_send else str(UnprovedSenderError(row.address)))
