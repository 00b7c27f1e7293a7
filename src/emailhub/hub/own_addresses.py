"""An address of the company's own becomes a team's: named, then proved by a forward, then by how it sends."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from emailhub import mail
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require

from .addresses import team_of
from .errors import AddressTakenError, NeverSwitchedOnError, NotAnOwnAddressError
from .models import HubAddress, Identity, OwnAddress

# Where the company owns the mailbox and nobody owns the domain: no records can be published there.
FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com outlook.es hotmail.com hotmail.es live.com msn.com yahoo.com yahoo.es
    icloud.com me.com gmx.com gmx.net gmx.de web.de aol.com proton.me protonmail.com zoho.com yandex.com
    mail.com telefonica.net t-online.de orange.fr free.fr libero.it
    """.split()  # noqa: SIM905 (a list of them would fill the page)
)


def own_address_of(team: Team) -> OwnAddress | None:
    """The address with which the team's guide is busy: the one named last."""
    rows = OwnAddress.objects.select_related("connection", "test").filter(team=team)
    return rows.order_by("-id").first()


def name_address(team: Team, typed: str, *, by: Advisor, now: datetime) -> OwnAddress:
    """Begin with an address, or go on with one that the team named before.

    Raises NeverSwitchedOnError, NotAnOwnAddressError, AddressTakenError.
    """
    require(may_manage(by, team))
    if not Identity.objects.filter(team=team).exists():
        raise NeverSwitchedOnError
    address = _read(typed)
    earlier = OwnAddress.objects.filter(address=address).first()
    owner = team_of(address)
    if (earlier and earlier.team_id != team.pk) or (owner and owner[1] != team.pk):
        raise AddressTakenError(address)
    if earlier is not None and (earlier.forwards_since is not None or earlier == own_address_of(team)):
        return earlier
    if earlier is not None:
        earlier.delete()  # it is named anew, and so the last
    audit.record(audit.Kind.ADDRESS, address, by=by, at=now, action=audit.Action.ADDED, team=team)
    return OwnAddress.objects.create(company_id=team.company_id, team=team, address=address, created_at=now)


def choose_provider(own: OwnAddress, provider: str, *, by: Advisor) -> None:
    """Show the instructions for this provider from now on."""
    require(may_manage(by, own.team))
    if provider in OwnAddress.Provider.values:
        own.provider = provider
        own.save(update_fields=["provider"])


def accept_forward(own: OwnAddress, *, now: datetime) -> HubAddress:
    """It is proved that mail to the address reaches the team: from now on it is one of the team's.

    Raises AddressTakenError: another company of this installation was there first.
    """
    owner = team_of(own.address)
    if owner is not None and owner[1] != own.team_id:
        raise AddressTakenError(own.address)
    row, _ = HubAddress.objects.get_or_create(
        address=own.address,
        defaults={"company_id": own.company_id, "team": own.team, "kind": HubAddress.Kind.COMPANY},
    )
    if own.forwards_since is None:
        own.forwards_since = now
        own.save(update_fields=["forwards_since"])
    return row


def _read(typed: str) -> str:
    address = mail.normal_address(typed.strip())
    if not address or not mail.is_sendable(address) or address.endswith(f"@{settings.MAIL_DOMAIN}"):
        raise NotAnOwnAddressError(typed.strip()[:254])
    return address
