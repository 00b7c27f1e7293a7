"""Whose mailbox in which tenant, and a token for it: what a Connection of kind GRAPH holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection
from emailhub.store import sealing

from .sign_in import application_token, person_token
from .trouble import SEALED_ELSEWHERE, SignInError
from .turns import alone_with_tokens


class Mode(StrEnum):
    """By whose right the mailbox is used."""

    APPLICATION = "application"  # EmailHub's own, which the tenant's administrator gave
    PERSON = "person"  # a person's who signed in and has the mailbox among theirs


class After(StrEnum):
    """What is done over there with a mail that was taken in. None is ever deleted."""

    READ = "read"
    ARCHIVE = "archive"
    LEAVE = "leave"


@dataclass(frozen=True)
class Account:
    """One mailbox."""

    connection_id: int
    company_id: int
    team_id: int
    mode: Mode
    tenant: str
    mailbox: str  # its address, in normal form
    after: After = After.READ

    @classmethod
    def of(cls, connection: Connection) -> Account:
        settings: dict[str, Any] = connection.settings
        return cls(
            connection_id=connection.pk,
            company_id=connection.company_id,
            team_id=connection.team_id or 0,
            mode=Mode(settings["mode"]),
            tenant=settings["tenant"],
            mailbox=connection.name,
            after=After(settings.get("after", After.READ)),
        )

    def token(self, *, anew: bool = False) -> str:
        """A token that is good for some minutes; `anew` if the last one was refused. Raises SignInError.

        A person's renewed tokens are sealed and stored before they are used. Call it outside any
        transaction.
        """
        if self.mode is Mode.APPLICATION:
            return application_token(self.tenant, anew=anew)
        with alone_with_tokens(self.connection_id):
            before = self._secrets()
            token, cache = person_token(before.get("cache", ""), anew=anew)
            if cache != before.get("cache"):
                keep_secrets(self.connection_id, self.company_id, cache=cache)
            return token

    def _secrets(self) -> dict[str, Any]:
        with company(self.company_id):
            connection = Connection.objects.get(pk=self.connection_id)
        try:
            return connection.secrets
        except sealing.SealedElsewhereError as error:
            raise SignInError(SEALED_ELSEWHERE) from error


def keep_secrets(connection_id: int, company_id: int, **changes: str) -> None:
    """Seal these beside the connection's other secrets."""
    with company(company_id):
        connection = Connection.objects.select_for_update().get(pk=connection_id)
        connection.secrets = {**connection.secrets, **changes}
        connection.save(update_fields=["sealed"])
