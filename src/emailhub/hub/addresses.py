"""Which team an address leads to, and how a team gets a new one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from emailhub.accounts.models import Team

from .models import HubAddress, Identity

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


def generate_address(team: Team) -> HubAddress:
    """Give the team a new address. The first one becomes its sender; earlier ones keep receiving."""
    Identity.objects.get_or_create(company_id=team.company_id, team=team)
    Identity.objects.select_for_update().get(team=team)  # of two at once the second finds the first's sender
    first = not HubAddress.objects.filter(team=team, is_sender=True).exists()
    for local in _local_parts(team):
        try:
            with transaction.atomic():
                return HubAddress.objects.create(
                    company_id=team.company_id,
                    team=team,
                    address=f"{local}@{settings.MAIL_DOMAIN}",
                    is_sender=first,
                )
        except IntegrityError:
            continue  # taken, perhaps by another company: a number tells them apart
    raise AssertionError("unreachable: the numbers do not end")


def _local_parts(team: Team) -> Iterator[str]:
    stem = f"{slug(team.name) or 'team'}.{team.company.slug}"
    for number in count(1):
        suffix = "" if number == 1 else f"-{number}"
        local = f"{stem[: _LOCAL_PART_LIMIT - len(suffix)].rstrip('.-')}{suffix}"
        if local not in RESERVED:
            yield local


def slug(words: str) -> str:
    """Transliterated to a-z, 0-9 and hyphens: "Soporte técnico" is "soporte-tecnico"."""
    plain = unicodedata.normalize("NFKD", words.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
