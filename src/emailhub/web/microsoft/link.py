"""What the pages may ask of Microsoft, which this floor cannot import."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from emailhub.accounts.models import Advisor, Team
from emailhub.delivery.connection_work import Trouble
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.hub.models import HubAddress


class Link(Protocol):
    """The verbs of a set-up. A Trouble that comes back is what Microsoft refused."""

    def is_configured(self) -> bool: ...

    def client_id(self) -> str: ...

    def begin_sign_in(self, mode: str, *, redirect_uri: str) -> dict[str, Any] | Trouble: ...

    def finish_sign_in(
        self,
        team: Team,
        mode: str,
        flow: Mapping[str, Any],
        answer: Mapping[str, str],
        *,
        by: Advisor,
        now: datetime,
    ) -> Trouble | None: ...

    def consent_url(self, connection: Connection, *, redirect_uri: str) -> str: ...

    def check_consent(self, connection: Connection, *, now: datetime) -> Trouble | None: ...

    def choose_mailbox(
        self, connection: Connection, typed: str, *, by: Advisor, now: datetime
    ) -> Trouble | None: ...

    def check_restriction(self, connection: Connection, typed: str, *, now: datetime) -> Trouble | None: ...

    def send_test(self, connection: Connection, *, by: Advisor, now: datetime) -> OutgoingMessage: ...

    def test_of(self, connection: Connection) -> OutgoingMessage | None: ...

    def use_as_sender(self, connection: Connection, *, by: Advisor, now: datetime) -> HubAddress: ...

    def set_after(self, connection: Connection, typed: str, *, by: Advisor) -> None: ...
