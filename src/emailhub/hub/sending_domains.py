"""The proofs of a company's domain: asked for, looked at again, and what follows when they vanish."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection as database
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.accounts.tenancy import company
from emailhub.egress.zones import Answer
from emailhub.mail import signing
from emailhub.store import sealing

from .addresses import set_sender
from .domain_records import Ask, Record, State, check_domain, is_unknown, may_send, read_record
from .errors import FreeMailError, NotProvedError
from .models import HubAddress, OwnAddress
from .notices import tell_managers
from .own_addresses import FREE_MAIL
from .sending_domain import SIGNING, SendingDomain

WAKE = "emailhub_domains"  # the NOTIFY channel that wakes the worker
LAPSE_AFTER = timedelta(hours=72)  # what a proof may be gone before mail leaves with EmailHub's address
_OFTEN, _SELDOM, _DAILY = timedelta(minutes=1), timedelta(minutes=15), timedelta(days=1)
_PENDING_OFTEN = timedelta(hours=1)  # after it was begun it is looked at every minute, then less often
log = logging.getLogger(__name__)


def domain_of(own: OwnAddress) -> SendingDomain | None:
    return SendingDomain.objects.filter(domain=own.domain).first()


def failing_domains(team: Team) -> list[SendingDomain]:
    """The team's domains whose proofs are gone."""
    own = OwnAddress.objects.filter(team=team, sending=OwnAddress.Sending.DNS)
    domains = {address.domain for address in own}
    rows = SendingDomain.objects.filter(domain__in=domains, failing_since__isnull=False)
    return list(rows) if domains else []


def use_dns(own: OwnAddress, *, by: Advisor, now: datetime) -> SendingDomain:
    """Go on by our relay and the domain's records, which are the company's alone. Raises FreeMailError."""
    require(may_manage(by, own.team))
    if own.domain in FREE_MAIL:
        raise FreeMailError(own.domain)
    own.sending = OwnAddress.Sending.DNS
    own.save(update_fields=["sending"])
    found = domain_of(own)
    return found or SendingDomain.objects.create(
        company_id=own.company_id,
        domain=own.domain,
        challenge=f"emailhub-verify={secrets.token_hex(16)}",
        due_at=now,
        created_at=now,
        **_new_key(""),
    )


def records_of(domain: SendingDomain) -> list[Record]:
    """What the last look found; before the first one, what has to be published."""
    if not domain.records:
        return check_domain(domain.domain, domain.challenge, domain.keys, _nothing_yet)
    return [read_record(stored) for stored in domain.records]


def _nothing_yet(wanted: str) -> Answer:
    return Answer()


def look_now(domain: SendingDomain, *, now: datetime) -> None:
    """Let a worker look at the records at once."""
    SendingDomain.objects.filter(pk=domain.pk).update(due_at=now)
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE])


def change_key(domain: SendingDomain, own: OwnAddress, *, by: Advisor, now: datetime) -> None:
    """Make another key. The present one signs until the record of the new one is found."""
    require(may_manage(by, own.team))
    if not domain.next_selector:
        for field, value in _new_key("next_").items():
            setattr(domain, field, value)
        domain.save(update_fields=["next_selector", "next_public_key", "next_sealed_key"])
        audit.record(
            audit.Kind.ADDRESS,
            domain.domain,
            by=by,
            at=now,
            team=own.team,
            signing_key=audit.Change(domain.selector, domain.next_selector),
        )
    look_now(domain, now=now)


def send_by_dns(own: OwnAddress, *, by: Advisor, now: datetime) -> HubAddress:
    """Let the team's mail leave with its own address, by our relay. Raises NotProvedError."""
    require(may_manage(by, own.team))
    row = HubAddress.objects.filter(team=own.team, address=own.address).first()
    domain = domain_of(own)
    if row is None or domain is None or not domain.signs:
        raise NotProvedError(own.address)
    row.connection, row.proved_for_sending_at = None, now
    row.save(update_fields=["connection", "proved_for_sending_at"])
    return set_sender(own.team, row.pk, by=by, now=now)


def finished(draft: mail.Draft) -> bytes:
    """The mail's bytes, signed where the domain of From has its proofs. Call it inside the company."""
    content = mail.compose(draft)
    domain = draft.sender.domain
    if not domain or domain == settings.MAIL_DOMAIN:
        return content  # the operator's relay signs these
    row = SendingDomain.objects.filter(SIGNING, domain=domain).first()
    if row is None:
        return content
    try:
        key = row.private_key()
    except sealing.SealedElsewhereError:
        log.exception("mail of %s leaves unsigned", domain)
        return content
    return signing.sign(content, domain=domain, selector=row.selector, key=key)


def check_due(ask: Ask, *, now: Callable[[], datetime]) -> int:
    """Look at the domains that are due, a few; return at how many. Outside of transactions."""
    with database.cursor() as cursor:
        cursor.execute("SELECT id, company_id FROM due_sending_domains(8)")
        due = cursor.fetchall()
    for domain_id, company_id in due:
        with company(company_id):  # who else looks for work leaves it alone meanwhile
            domain = SendingDomain.objects.get(pk=domain_id)
            SendingDomain.objects.filter(pk=domain_id).update(due_at=now() + timedelta(minutes=5))
        records = check_domain(domain.domain, domain.challenge, domain.keys, ask)
        with company(company_id):
            note_records(SendingDomain.objects.select_for_update().get(pk=domain_id), records, now=now())
    return len(due)


def note_records(domain: SendingDomain, records: list[Record], *, now: datetime) -> None:
    """Keep what a look found, and do what follows from it."""
    domain.records = [asdict(record) for record in records]  # read_record() is the way back
    domain.checked_at = now
    if may_send(records):
        _prove(domain, records, now)
    elif domain.proved_at is not None and not is_unknown(records):
        _doubt(domain, now)
    domain.due_at = now + _pause(domain, now)
    domain.save()


def _prove(domain: SendingDomain, records: list[Record], now: datetime) -> None:
    domain.proved_at = domain.proved_at or now
    domain.failing_since = None
    _take_over_next_key(domain, records)
    if domain.lapsed_at is not None:
        domain.lapsed_at = None
        _give_back_senders(domain, now)


def _take_over_next_key(domain: SendingDomain, records: list[Record]) -> None:
    host = f"{domain.next_selector}._domainkey"
    if domain.next_selector and any(r.host == host and r.state is State.OK for r in records):
        domain.selector, domain.public_key = domain.next_selector, domain.next_public_key
        domain.sealed_key = domain.next_sealed_key
        domain.next_selector, domain.next_public_key, domain.next_sealed_key = "", "", b""


def _doubt(domain: SendingDomain, now: datetime) -> None:
    """A proof is gone: tell the managers, and after three days use EmailHub's addresses."""
    if domain.failing_since is None:
        domain.failing_since = now
        _tell(domain, _words_of_doubt, now)
    elif domain.lapsed_at is None and now - domain.failing_since >= LAPSE_AFTER:
        domain.lapsed_at = now
        _take_senders(domain, now)
        _tell(domain, _words_of_lapse, now)


def _take_senders(domain: SendingDomain, now: datetime) -> None:
    """Without proofs mail in the domain's name would be a forgery: it leaves with EmailHub's addresses."""
    rows = HubAddress.objects.select_related("team").filter(
        is_sender=True, connection__isnull=True, address__endswith=f"@{domain.domain}"
    )
    domain.lapsed_senders = []
    for row in rows:
        generated = HubAddress.objects.filter(team=row.team, kind=HubAddress.Kind.GENERATED)
        if heir := generated.order_by("-id").first():
            _swap(row, heir, now)
            domain.lapsed_senders.append(row.pk)


def _give_back_senders(domain: SendingDomain, now: datetime) -> None:
    """The proofs are back. A team that has chosen another sender meanwhile keeps it."""
    for row in HubAddress.objects.select_related("team").filter(pk__in=domain.lapsed_senders):
        current = HubAddress.objects.filter(team=row.team, is_sender=True).first()
        if current is not None and current.kind == HubAddress.Kind.GENERATED:
            _swap(current, row, now)
    domain.lapsed_senders = []


def _swap(before: HubAddress, after: HubAddress, now: datetime) -> None:
    """Another sender for a team. The company's address counts as proved only while it is."""
    ours = HubAddress.Kind.GENERATED
    HubAddress.objects.filter(pk=before.pk).update(
        is_sender=False, **({} if before.kind == ours else {"proved_for_sending_at": None})
    )
    HubAddress.objects.filter(pk=after.pk).update(
        is_sender=True, **({} if after.kind == ours else {"proved_for_sending_at": now})
    )
    change = audit.Change(before.address, after.address)
    audit.record(audit.Kind.EMAILHUB, after.team.name, by=None, at=now, team=after.team, sender=change)


def _pause(domain: SendingDomain, now: datetime) -> timedelta:
    """Every minute while somebody waits, then every quarter of an hour; a proved one once a day."""
    if domain.proved_at is not None and domain.failing_since is None and not domain.next_selector:
        return _DAILY
    is_new = now - domain.created_at < _PENDING_OFTEN
    return _OFTEN if domain.proved_at is None and is_new else _SELDOM


def _new_key(prefix: str) -> dict[str, object]:
    key = signing.new_signing_key()
    return {
        f"{prefix}selector": f"eh{secrets.token_hex(4)}",
        f"{prefix}public_key": signing.public_half(key),
        f"{prefix}sealed_key": sealing.seal(key, purpose=SendingDomain.PURPOSE),
    }


def _tell(domain: SendingDomain, words: Callable[[str], tuple[str, str]], now: datetime) -> None:
    ids = OwnAddress.objects.filter(address__endswith=f"@{domain.domain}").values("team")
    for team in Team.objects.filter(pk__in=ids).select_related("company"):
        tell_managers(team, lambda: words(domain.domain), now=now)


def _words_of_doubt(domain: str) -> tuple[str, str]:
    text = _(
        "The DNS records that let EmailHub send mail for %(domain)s are not there any more. Mail still leaves"
        " with your address for 72 hours, then with EmailHub's. The set-up guide of the team shows which"
        " record is missing."
    )
    return _("DNS records of %(domain)s are missing") % {"domain": domain}, text % {"domain": domain}


def _words_of_lapse(domain: str) -> tuple[str, str]:
    text = _(
        "The DNS records of %(domain)s have been missing for 72 hours. Mail leaves with EmailHub's address"
        " now, and with yours again by itself when the records are back."
    )
    return _("Mail no longer leaves with %(domain)s") % {"domain": domain}, text % {"domain": domain}
