"""What would become of a mail if it came now: for the test bench, `emailhub explain` and "why is it here?".

It decides by the code that files mail. Nothing is written; `explain()` has the database refuse it as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import connection

from emailhub import mail, rules, store
from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.hub.addresses import Route
from emailhub.hub.models import HubAddress, Identity
from emailhub.hub.policy import policy_of
from emailhub.mail import Mailbox
from emailhub.rules.matching import Letter

from .answering import would_answer
from .deciding import Decided
from .examined import Reading
from .gather import gather
from .models import ReceivedMessage
from .process import examine, find_team
from .replaying import replay
from .rule_facts import first_match
from .verdict import Verifier, note_verdict


@dataclass(frozen=True)
class Explained:
    """A decision that is not carried out, and the steps by which it was come to.

    The last steps may be about an automatic reply. `rule` is the first that matches; `letter` is what the
    rules saw.
    """

    decision: rules.Decision
    steps: tuple[rules.Step, ...]
    rule: rules.RuleMatch | None = None
    letter: Letter | None = None


class NobodyError(ValueError):
    """The sender that was typed is no address that a mail could come from."""


def explain(
    raw: bytes, route: Route, *, mail_from: str, now: datetime, verify: Verifier | None = None
) -> Explained:
    """Decide on a mail to one recipient as process_one() would. Raises UnreadableError.

    The operator's mail (no company) is decided by nobody: don't ask.
    """
    assert route.company_id is not None
    row = _row(route.company_id, route.team_id, route.address, raw, mail_from, now)
    reading, _ = examine(row, route.company_id, raw)
    if verify is not None:
        note_verdict(row, verify(row, raw, reading.message))
    with company(route.company_id):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        if not find_team(reading):
            return Explained(rules.DeliveryReport(), ())
        return _explained(replace(reading, team_id=row.team_id or 0), now)


def explain_raw(team: Team, raw: bytes, *, mail_from: str = "", now: datetime) -> Explained:
    """Decide on a mail to the team's sender address. Without `mail_from` its author's address is taken.

    Raises UnreadableError.
    """
    author = mail.parse(raw[:100_000]).sender
    row = _row(
        team.company_id, team.pk, _address(team), raw, mail_from or (author.address if author else ""), now
    )
    reading, _ = examine(row, team.company_id, raw, apart=True)
    return _explained(reading, now)


def explain_typed(team: Team, *, sender: str, subject: str, text: str, now: datetime) -> Explained:
    """Decide on a mail that somebody only describes. Raises NobodyError."""
    author = next(iter(mail.parse_mailboxes(sender)), None)
    if author is None:
        raise NobodyError(sender)
    draft = mail.Draft(
        message_id=mail.new_message_id("test-bench.invalid"),  # RFC 2606: it is of nobody
        sender=author,
        to=(Mailbox("", _address(team)),),
        subject=subject,
        date=now,
        text=text,
    )
    try:
        raw = mail.compose(draft)
    except mail.UnusableAddressError as error:
        raise NobodyError(sender) from error
    return explain_raw(team, raw, mail_from=author.address, now=now)


def explain_stored(row: ReceivedMessage, *, now: datetime) -> Explained:
    """Decide once more on a delivery by what was known then and by the team's rules and toggles of today.

    What came too long ago to be remembered is decided on as if it came now.
    Raises UnreadableError, store.MissingError.
    """
    assert row.team_id is not None
    assert row.company_id is not None
    identity = Identity.objects.filter(team_id=row.team_id).first()
    policy = policy_of(identity)
    known = replay(row, policy.fields)
    if known is None:
        raw = store.get(row.company_id, row.content_key)
        reading, _ = examine(row, row.company_id, raw, apart=True)
        return _explained(reading, now)
    facts = replace(
        known.facts,
        hub_enabled=identity is not None and identity.enabled,
        known_contacts_only=identity is not None and identity.known_contacts_only,
        blocked=policy.blocks(known.facts.sender.address),
        rule=first_match(policy, known.letter, row.team_id),
        released=False,
    )
    decision, steps = rules.decide(facts)
    return Explained(decision, steps, facts.rule, known.letter)


def _row(
    company_id: int, team_id: int | None, address: str, raw: bytes, mail_from: str, now: datetime
) -> ReceivedMessage:
    """A delivery that is never saved."""
    return ReceivedMessage(
        company_id=company_id,
        team_id=team_id,
        channel="smtp",
        mail_from=mail_from[:320],
        rcpt_to=[address],
        size=len(raw),
        received_at=now,
        due_at=now,
    )


def _address(team: Team) -> str:
    addresses = HubAddress.objects.filter(team=team).order_by("-is_sender", "pk")
    found = addresses.values_list("address", flat=True).first()
    return found or f"nobody@{settings.MAIL_DOMAIN}"


def _explained(reading: Reading, now: datetime) -> Explained:
    considered = gather(reading, now=now)
    decision, steps = rules.decide(considered.facts)
    answer = would_answer(Decided(decision, steps, considered), reading, now=now)
    return Explained(
        decision, (*steps, answer) if answer else steps, considered.facts.rule, considered.letter
    )
