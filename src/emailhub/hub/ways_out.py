"""By which channel, and by whose account, mail leaves that is from one of a team's addresses."""

from __future__ import annotations

from dataclasses import dataclass

from emailhub.accounts.models import Company
from emailhub.delivery import outbox
from emailhub.delivery.models import Connection

from .models import HubAddress

_SET_UP = (Connection.State.WORKING, Connection.State.FAILING, Connection.State.STOPPED)
# By which channel mail leaves through an account of this kind; the other kinds only receive.
CHANNELS = {Connection.Kind.GRAPH: "graph", Connection.Kind.SMTP: "account"}


@dataclass(frozen=True)
class WayOut:
    """Without a connection it is the installation's own relay, or the demo's, which reaches nobody."""

    channel: str
    connection: Connection | None = None


def way_out(company: Company, address: str) -> WayOut:
    """How a mail leaves that has this address in From. One whose account is in trouble waits for it."""
    own = WayOut(outbox.channel_of(company))
    if company.is_demo:
        return own
    rows = HubAddress.objects.select_related("connection").filter(
        address=address, connection__kind__in=CHANNELS, connection__state__in=_SET_UP
    )
    row = rows.first()
    if row is None or row.connection is None:
        return own
    return WayOut(CHANNELS[Connection.Kind(row.connection.kind)], row.connection)


def keeps_headers(address: HubAddress) -> bool:
    """Whether a mail from this address leaves with the display name and the headers that we give it.

    Exchange puts the mailbox's own name into From, and takes Auto-Submitted away.
    """
    return address.connection is None or address.connection.kind != Connection.Kind.GRAPH
