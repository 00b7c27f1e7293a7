"""Which team an address leads to, how a team gets a new one, and which one its mail leaves with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require

from .errors import NeverSwitchedOnError, UnprovedSenderError
from .models import HubAddress, Identity
from .transliteration import slug

# RFC 2142 role mailboxes and names that people would trust.
RESERVED = frozenset(
    [
        "abuse",
        "admin",
        "administrator",
        "bounces",
        "emailhub",
        "hostmaster",
        "info",
        "mailer-daemon",
        "no-reply",
        "noreply",
        "postmaster",
        "root",
        "security",
        "support",
        "webmaster",
    ]
)
OPERATOR_LOCAL_PARTS = frozenset({"postmaster", "abuse"})
_LOCAL_PART_LIMIT = 64  # octets (RFC 5321 4.5.3.1.1)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Route:
    """Where one recipient's mail goes. No company: the operator's. No team: one of our return-paths."""

    company_id: int | None
    team_id: int | None
    address: str  # the recipient as given, in normal form, plus-tag included


def team_of(address: str) -> tuple[int, int] | None:
    """The (company_id, team_id) that owns an address, current or historic, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id, team_id FROM team_of_address(%s)", [address])
        row: tuple[int, int] | None = cursor.fetchone()
        return row


def is_operators(address: str) -> bool:
    """Whether it is postmaster@ or abuse@ our mail domain (RFC 2142), which must always be accepted."""
    local, _, domain = address.partition("@")
    return domain == settings.MAIL_DOMAIN and local in OPERATOR_LOCAL_PARTS


def without_tag(address: str) -> str:
    """The address without its plus-tag (RFC 5233): team+anything@domain is team@domain."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def generate_new_address(team: Team, *, by: Advisor, now: datetime) -> HubAddress:
    """Give the team one more address, named as team and company are now. The others keep receiving."""
    require(may_manage(by, team))
    _lock_addresses(team)
    address = generate_address(team)
    audit.record(audit.Kind.ADDRESS, address.address, by=by, at=now, action=audit.Action.ADDED, team=team)
    return address


def set_sender(team: Team, address_id: int, *, by: Advisor, now: datetime) -> HubAddress:
    """Let the team's mail leave with this address from now on. Conversations go on by their references.

    Raises HubAddress.DoesNotExist for another team's address, UnprovedSenderError.
    """
    require(may_manage(by, team))
    _lock_addresses(team)
    chosen = HubAddress.objects.get(team=team, pk=address_id)
    if not chosen.may_send:
        raise UnprovedSenderError(chosen.address)
    before = HubAddress.objects.filter(team=team, is_sender=True).first()
    if before != chosen:
        HubAddress.objects.filter(team=team, is_sender=True).update(is_sender=False)
        HubAddress.objects.filter(pk=chosen.pk).update(is_sender=True)
        change = audit.Change(before.address if before else "", chosen.address)
        audit.record(audit.Kind.EMAILHUB, team.name, by=by, at=now, team=team, sender=change)
    chosen.is_sender = True
    return chosen


def next_address(team: Team) -> str:
    """The address that the team would be given now. Nobody keeps it for them."""
    candidates = (f"{local}@{settings.MAIL_DOMAIN}" for local in _local_parts(team))
    return next(address for address in candidates if team_of(address) is None)


def outdated_by_rename(team: Team) -> bool:
    """Whether team or company were renamed since the last address was generated: a new one is offered."""
    stem = _stem(team)
    made = HubAddress.objects.filter(team=team, kind=HubAddress.Kind.GENERATED)
    locals_ = [address.partition("@")[0] for address in made.values_list("address", flat=True)]
    return bool(locals_) and not any(_is_of(stem, local) for local in locals_)


def note_received(addresses: Iterable[str], *, at: datetime) -> None:
    """Remember when mail last came to these addresses, given as the envelope has them.

    To the minute, so that a busy address's row is not what all workers wait for.
    """
    plain = {without_tag(address) for address in addresses}
    stale = Q(last_received_at__isnull=True) | Q(last_received_at__lt=at - _A_MINUTE)
    HubAddress.objects.filter(stale, address__in=plain).update(last_received_at=at)


def generate_address(team: Team) -> HubAddress:
    """Give the team a new address. The first one becomes its sender; earlier ones keep receiving."""
    Identity.objects.get_or_create(company_id=team.company_id, team=team)
    _lock_addresses(team)
    first = not HubAddress.objects.filter(team=team, is_sender=True).exists()
    for local in _local_parts(team):
        try:
            with transaction.atomic():
                return HubAddress.objects.create(
                    company_id=team.company_id,
                    team=team,
                    address=f"{local}@{settings.MAIL_DOMAIN}",
                    team_name=team.name,
                    is_sender=first,
                )
        except IntegrityError:
            continue  # taken, perhaps by another company: a number tells them apart
    raise AssertionError("unreachable: the numbers do not end")


def _lock_addresses(team: Team) -> None:
    """Of two at once that choose a sender the second finds the first's. Raises NeverSwitchedOnError."""
    if not Identity.objects.select_for_update().filter(team=team).exists():
        raise NeverSwitchedOnError


def _local_parts(team: Team) -> Iterator[str]:
    stem = _stem(team)
    for number in count(1):
        local = _numbered(stem, number)
        if local not in RESERVED:
            yield local


def _stem(team: Team) -> str:
    return f"{slug(team.name) or 'team'}.{team.company.slug}"


def _numbered(stem: str, number: int) -> str:
    suffix = "" if number == 1 else f"-{number}"
    return f"{stem[: _LOCAL_PART_LIMIT - len(suffix)].rstrip('.-')}{suffix}"


def _is_of(stem: str, local: str) -> bool:
    number = re.search(r"-(\d+)\Z", local)
    return local in (_numbered(stem, 1), *([_numbered(stem, int(number[1]))] if number else []))
