"""Read what a webhook brought: who wrote what, by which of our numbers, with which files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count

from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.intake.texts import IncomingText

from .account import Account, account_of
from .media import fetch_files

Fields = Mapping[str, Sequence[str]]
_WHATSAPP = "whatsapp:"


def read_text(company_id: int, content: bytes, *, is_last_try: bool) -> IncomingText:
    """The message of a stored webhook, its files fetched from the gateway.

    Raises NoAccountError, SealedElsewhereError, and what fetch_files() raises.
    """
    stored = json.loads(content)
    fields: Fields = stored["fields"]
    urls = media_urls(fields)
    account = account_of(company_id, stored["connection"])
    files = fetch_files(account, urls, is_last_try=is_last_try) if urls else []
    return as_text(fields, account, files, missing=len(urls) - len(files))


def as_text(
    fields: Fields, account: Account, files: Sequence[tuple[str, str, bytes]] = (), *, missing: int = 0
) -> IncomingText:
    """The values of a webhook. What it says beyond them is left alone: gateways add fields unasked."""
    sender = _one(fields, "From")
    return IncomingText(
        connection_id=account.connection_id,
        for_all_teams=account.is_companys,
        kind="whatsapp" if sender.startswith(_WHATSAPP) else "sms",
        gateway_id=_one(fields, "MessageSid"),
        number=number_in(sender),
        own_number=number_in(_one(fields, "To")),
        text=_one(fields, "Body").replace("\0", ""),
        sender_name=_one(fields, "ProfileName").replace("\0", "")[:200],
        wish=_one(fields, "OptOutType").lower(),
        files=tuple(files),
        missing=missing,
    )


def media_urls(fields: Fields) -> list[str]:
    """Where its files are, in their order."""
    named = (_one(fields, f"MediaUrl{number}") for number in count())
    urls: list[str] = []
    for url in named:
        if not url or len(urls) == 10:
            return urls
        urls.append(url)
    return urls


def number_in(address: str) -> str:
    """A number as gateways write it: whatsapp:+34600111222 or +34600111222. Names and short codes stay."""
    return address.removeprefix(_WHATSAPP).replace("\0", "").strip()[:40]


def receiving_team(account: Account) -> int:
    """The team that gets what belongs to no ticket: the chosen one, else the company's first."""
    with company(account.company_id):
        teams = Team.objects.filter(company_id=account.company_id).existing().order_by("pk")
        chosen = teams.filter(pk=account.team_id or 0).first() or teams.first()
        assert chosen is not None  # a company's last team cannot be deleted
        return chosen.pk


def _one(fields: Fields, name: str) -> str:
    values = fields.get(name, ())
    return values[0] if values else ""
