"""Hand mails to companies' own servers: a connection of kind SMTP is one log-in at a host they named."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection
from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome
from emailhub.egress.tokens import Grant, TokenRefusedError, TokenUnavailableError, access_token
from emailhub.store.sealing import SealedElsewhereError

from .limits import TimeOuts
from .send import Relay, RelaySettings, Security

_KEPT = 20  # connections that stay open for the next mail
# What may be said of a host. What it says itself before a log-in is not repeated: it may be any machine,
# named to learn what answers there.
_WORDS = {
    "login": "the log-in was refused",
    "certificate": "its certificate is not valid for this name",
    "unsupported": "it does not offer the encryption or the log-in that was set",
    "unreachable": "no connection to a mail server",
    "sealed": "its secret was sealed under another key",
    "consent": "the provider does not accept the consent any more",
    "no_token": "the provider gives no access token at the moment",
}
_TROUBLES: dict[type[Exception], str] = {
    SealedElsewhereError: "sealed",
    TokenRefusedError: "consent",
    TokenUnavailableError: "no_token",
}
_NEEDS_SOMEBODY = ("login", "certificate", "unsupported", "sealed", "consent")
_MARGIN = 120.0  # seconds before its end from which a token is not used any more


class AccountRelay(Relay):
    """One account. `trouble` says in a code why it cannot be used."""

    trouble = ""

    def _explain(self, error: Exception) -> str:
        self.trouble = _trouble_of(error)
        return _WORDS[self.trouble]


class AccountSender:
    """A delivery.outcomes.Sender for all companies' accounts."""

    def __init__(self, time_outs: TimeOuts | None = None) -> None:
        self._time_outs = time_outs or TimeOuts()
        self._relays: OrderedDict[int, tuple[RelaySettings, AccountRelay]] = OrderedDict()
        self._tokens: dict[int, tuple[Grant, str, float]] = {}  # and until when each is good

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        """Make one attempt, and note on the connection how it is."""
        assert mail.company_id is not None and mail.connection_id is not None, "sent by an account"
        with company(mail.company_id):
            connection = Connection.objects.get(pk=mail.connection_id)
        try:
            relay = self._relay_for(connection)
        except (SealedElsewhereError, TokenRefusedError, TokenUnavailableError) as error:
            _note(connection, _TROUBLES[type(error)], now=timezone.now())
            return _away(mail, f"{connection.name}: {_WORDS[_TROUBLES[type(error)]]}")
        # The company's server lets its own addresses send alone, so ours cannot be in the envelope.
        outcome = relay.send(replace(mail, mail_from=connection.settings["address"]), before_final_dot)
        accepted = any(result.fate is Fate.ACCEPTED for result in outcome.results)
        if outcome.channel_is_away or accepted:
            _note(connection, relay.trouble if outcome.channel_is_away else "", now=timezone.now())
        return outcome

    def close(self) -> None:
        """Say QUIT to all."""
        for _, relay in self._relays.values():
            relay.close()
        self._relays.clear()

    def _relay_for(self, connection: Connection) -> AccountRelay:
        """The one that is open, if its settings are still these."""
        wanted = relay_settings(connection, self._time_outs)
        if connection.settings.get("client_id"):
            wanted = replace(wanted, token=self._token_for(connection))
        known = self._relays.pop(connection.pk, None)
        if known is not None and known[0] != wanted:
            known[1].close()
            known = None
        self._relays[connection.pk] = known or (wanted, AccountRelay(wanted))
        if len(self._relays) > _KEPT:
            self._relays.popitem(last=False)[1][1].close()
        return self._relays[connection.pk][1]

    def _token_for(self, connection: Connection) -> str:
        """An access token, kept as long as it is good. Raises TokenRefusedError, TokenUnavailableError."""
        account, secrets = connection.settings, connection.secrets
        grant = Grant(
            account["token_endpoint"],
            account["client_id"],
            secrets["client_secret"],
            secrets["refresh_token"],
        )
        known = self._tokens.get(connection.pk)
        if known is not None and known[0] == grant and time.monotonic() < known[2]:
            return known[1]
        token = access_token(grant)
        if token.refresh != grant.refresh_token:  # some providers give another one each time
            grant = replace(grant, refresh_token=token.refresh)
            with company(connection.company_id):
                connection.secrets = {**secrets, "refresh_token": token.refresh}
                connection.save(update_fields=["sealed"])
        until = time.monotonic() + token.seconds - _MARGIN
        self._tokens[connection.pk] = (grant, token.access, until)
        return token.access


def relay_settings(connection: Connection, time_outs: TimeOuts) -> RelaySettings:
    """What a connection of kind SMTP holds. Raises SealedElsewhereError."""
    account = connection.settings
    return RelaySettings(
        host=account["host"],
        port=account["port"],
        security=Security(account["security"]),
        helo=settings.MAIL_DOMAIN,
        user=account["user"],
        password=connection.secrets.get("password", ""),
        guarded=True,
        time_outs=time_outs,
    )


def _trouble_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError | UnicodeError):
        return "login"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    return "unsupported" if isinstance(error, smtplib.SMTPNotSupportedError) else "unreachable"


def _away(mail: FinishedMail, error: str) -> Outcome:
    return Outcome.of_all(mail.recipients, Fate.DEFERRED, status="4.4.1", error=error, channel_is_away=True)


def _note(connection: Connection, trouble: str, *, now: datetime) -> None:
    """Keep how the connection is, for the pages and for who is told when it stands still."""
    with company(connection.company_id):
        rows = Connection.objects.filter(pk=connection.pk).exclude(state=Connection.State.OFF)
        if not trouble:
            rows.update(
                state=Connection.State.WORKING,
                problem="",
                problem_detail="",
                failing_since=None,
                last_out_at=now,
                checked_at=now,
            )
            return
        state = Connection.State.STOPPED if trouble in _NEEDS_SOMEBODY else Connection.State.FAILING
        since = Coalesce(F("failing_since"), now)
        rows.update(state=state, problem=trouble, failing_since=since, checked_at=now)
