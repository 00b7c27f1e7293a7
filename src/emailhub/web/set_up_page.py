"""What the set-up guide shows: three options, and how far the team has come with its own address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage
from emailhub.hub.confirmations import confirmations_of
from emailhub.hub.identity import identity_of
from emailhub.hub.models import ForwardingConfirmation, HubAddress, OwnAddress, SendingDomain
from emailhub.hub.own_addresses import own_address_of
from emailhub.hub.own_server import ServerForm, is_tested
from emailhub.hub.probes import generated_address_of, probes_to
from emailhub.hub.sending_domains import domain_of

from .domain_words import RecordLine, record_lines
from .own_server_words import ServerTest, server_test
from .probe_words import ProbeLine, probe_line
from .provider_steps import FORWARDING

STEPS = 5


@dataclass(frozen=True)
class SetUpPage:
    """The guide as one advisor sees it. Step numbers are those of the company's own address."""

    enabled: bool
    may_change: bool
    microsoft_url: str  # of the guide of option 1; empty: it is not there
    generated: HubAddress | None
    generated_probes: list[ProbeLine]
    own: OwnAddress | None
    row: HubAddress | None  # of `own`, once its forward is proved
    probes: list[ProbeLine]  # of `own`, the newest first
    confirmations: list[ForwardingConfirmation]
    provider: str
    sender: HubAddress | None
    server: ServerForm
    server_test: ServerTest | None
    domain: SendingDomain | None
    records: list[RecordLine]

    @property
    def step(self) -> int:
        """What is to be done now, from 1; one more than there are: nothing."""
        if self.own is None:
            return 1
        if self.row is None:
            return 3 if self.probes else 2
        if not self.row.may_send and not self.may_be_sender:
            return 4
        return STEPS + 1 if self.row.is_sender else STEPS

    @property
    def may_be_sender(self) -> bool:
        """Whether step 5 can be done: the company's server took the test, or the records are there."""
        if self.row is None or self.own is None:
            return False
        by_dns = self.by_dns and self.domain is not None and self.domain.signs
        return by_dns or is_tested(self.own)

    @property
    def forwarding_steps(self) -> tuple[str | Promise, ...]:
        return FORWARDING[self.provider]

    @property
    def asks_dns(self) -> bool:
        return settings.NAME_SERVERS != []

    @property
    def by_dns(self) -> bool:
        return self.own is not None and self.own.sending == OwnAddress.Sending.DNS

    @property
    def is_done(self) -> bool:
        return self.step > STEPS

    @property
    def newest(self) -> ProbeLine | None:
        return self.probes[0] if self.probes else None


def build_set_up_page(team: Team, advisor: Advisor, *, now: datetime) -> SetUpPage:
    identity = identity_of(team)
    generated, own = generated_address_of(team), own_address_of(team)
    domain = domain_of(own) if own and own.sending == OwnAddress.Sending.DNS else None
    return SetUpPage(
        enabled=identity is not None and identity.enabled,
        may_change=may_manage(advisor, team),
        microsoft_url=_microsoft_url(team),
        generated=generated,
        generated_probes=_lines(team, generated.address, now) if generated else [],
        own=own,
        row=HubAddress.objects.filter(team=team, address=own.address).first() if own else None,
        probes=_lines(team, own.address, now) if own else [],
        confirmations=list(confirmations_of(team)[:3]),
        provider=(own.provider if own else "") or OwnAddress.Provider.GOOGLE,
        sender=HubAddress.objects.filter(team=team, is_sender=True).first(),
        server=_server(own),
        server_test=server_test(own) if own else None,
        domain=domain,
        records=record_lines(domain) if domain else [],
    )


def _server(own: OwnAddress | None) -> ServerForm:
    """What stands in the form: what was entered before, without the password."""
    if own is None or own.connection is None:
        return ServerForm(host="", port="587", security="starttls", user=own.address if own else "")
    account = own.connection.settings
    return ServerForm(
        host=account["host"],
        port=str(account["port"]),
        security=account["security"],
        user=account["user"],
        client_id=account.get("client_id", ""),
        token_endpoint=account.get("token_endpoint", ""),
    )


def _lines(team: Team, address: str, now: datetime) -> list[ProbeLine]:
    return [probe_line(probe, now=now) for probe in probes_to(team, address)]


def _microsoft_url(team: Team) -> str:
    try:
        return reverse("hub_microsoft", args=[team.pk])
    except NoReverseMatch:
        return ""
