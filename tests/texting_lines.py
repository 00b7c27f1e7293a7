"""A company's number at a gateway, for tests."""

from __future__ import annotations

from emailhub.accounts.models import Company, Team
from emailhub.delivery.models import Connection

ACCOUNT = "AC" + "0" * 32
TOKEN = "12345"
OURS = "+34910000001"
WHATSAPP = "+34910000002"
CARLAS = "+34600111222"


def connect(company: Company, *, team: Team | None = None, sms: str = OURS, whatsapp: str = "") -> Connection:
    """An account that works."""
    connection = Connection(
        company=company,
        team=team,
        kind=Connection.Kind.TEXTING,
        name="Gateway",
        settings={"account": ACCOUNT, "sms": sms, "whatsapp": whatsapp},
        state=Connection.State.WORKING,
    )
    connection.secrets = {"token": TOKEN}
    connection.save()
    return connection
