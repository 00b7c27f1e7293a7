"""An account at a gateway, as its connection keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection

API = "https://api.twilio.com"


class NoAccountError(Exception):
    """The connection is gone, or none of this kind."""


@dataclass(frozen=True)
class Account:
    """Who we are at the gateway. `numbers` are ours, by kind."""

    connection_id: int
    company_id: int
    team_id: int | None  # who gets what comes in and belongs to no ticket
    is_companys: bool  # of all its teams
    sid: str
    token: str
    api: str
    numbers: dict[str, str]

    @property
    def url(self) -> str:
        """Where the account's resources are."""
        return f"{self.api}/2010-04-01/Accounts/{self.sid}"

    def may_send_secret_to(self, url: str) -> bool:
        """Whether an address is the gateway's own: nobody else is told our token."""
        return url.startswith(f"{self.api}/")


def account_of(company_id: int, connection_id: int) -> Account:
    """Load it. Raises NoAccountError, sealing.SealedElsewhereError."""
    with company(company_id):
        rows = Connection.objects.filter(company_id=company_id, kind=Connection.Kind.TEXTING)
        connection = rows.filter(pk=connection_id).first()
        if connection is None:
            raise NoAccountError
        return as_account(connection)


def as_account(connection: Connection) -> Account:
    """What its settings and its sealed token say."""
    chosen = connection.settings.get("team")
    return Account(
        connection_id=connection.pk,
        company_id=connection.company_id,
        team_id=connection.team_id or (chosen if isinstance(chosen, int) else None),
        is_companys=connection.team_id is None,
        sid=str(connection.settings.get("account", "")),
        token=str(connection.secrets.get("token", "")),
        api=str(connection.settings.get("api") or API).rstrip("/"),
        numbers={kind: str(connection.settings.get(kind, "")) for kind in ("sms", "whatsapp")},
    )
