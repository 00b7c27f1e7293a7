"""The tables that join the wires to the house: who sends for a channel, and what runs in the loops."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from emailhub.cli import tidying
from emailhub.cli.loop import Loop, in_turn
from emailhub.delivery import connection_work, deliver, outbox
from emailhub.delivery.outcomes import Sender
from emailhub.desk.importing import work as imports
from emailhub.desk.notification_mail import mail_due
from emailhub.desk.pushing import push_due
from emailhub.desk.settle import settle
from emailhub.desk.snoozing import wake_due
from emailhub.egress.dns import Resolver
from emailhub.egress.zones import Zones, nobody_asked
from emailhub.hub import sending_domains
from emailhub.hub.connection_alerts import tell_due
from emailhub.intake import accept, housekeeping
from emailhub.intake.process import process_due
from emailhub.intake.verdict import Verifier

if TYPE_CHECKING:
    from emailhub.channels.imap.doorbell import Doorbell

BATCH = 8
MAILBOXES_AT_ONCE = 3


def verifier() -> Verifier:
    """Who checks received mail: by the name servers that the environment names, if any."""
    servers = settings.NAME_SERVERS
    return Verifier(
        lookups=Resolver(servers).for_one_mail if servers != [] else None,
        trusted_peers=settings.TRUSTED_PEERS,
        authserv_id=settings.AUTHSERV_ID,
        trusted_sealers=settings.TRUSTED_SEALERS,
    )


def intake_loop() -> Loop:
    from emailhub.channels.texting.reading import read_text

    verify = verifier()
    return Loop(accept.WAKE, lambda: process_due(at_most=BATCH, verify=verify, texts=read_text))


def delivery_loop() -> Loop:
    from emailhub.channels.demo.send import DemoSender
    from emailhub.channels.demo.texts import DemoTextSender
    from emailhub.channels.graph.send import GraphSender
    from emailhub.channels.smtp.account import AccountSender
    from emailhub.channels.smtp.send import smtp_sender
    from emailhub.channels.texting.send import TextSender

    senders: dict[str, Sender | None] = {
        "smtp": smtp_sender(),
        "account": AccountSender(),
        "demo": DemoSender(),
        "graph": GraphSender(),
    }
    senders |= {"texting": TextSender(), "demo_texting": DemoTextSender()}
    return Loop(outbox.WAKE, lambda: deliver.deliver_due(senders, settle, at_most=BATCH))


def graph_loop() -> Loop:
    """Mailboxes at Microsoft 365: looked at every few minutes, and when Graph says that there is news."""
    from emailhub.channels.graph.visit import visit_due

    return Loop(connection_work.WAKE, visit_due)


def domains_loop() -> Loop:
    """The DNS records by which companies let us send in their name."""
    servers = settings.NAME_SERVERS
    ask = Zones(servers).txt if servers != [] else nobody_asked
    return Loop(sending_domains.WAKE, lambda: sending_domains.check_due(ask, now=timezone.now))


def mailbox_loops() -> tuple[Loop | Doorbell, ...]:
    """IMAP mailboxes: some are read at once, so that a slow server keeps no other mailbox waiting."""
    from emailhub.channels.imap.doorbell import Doorbell
    from emailhub.channels.imap.visit import visit_due

    doorbell = Doorbell()
    readers = (Loop(connection_work.WAKE, lambda: visit_due(doorbell)) for _ in range(MAILBOXES_AT_ONCE))
    return (*readers, doorbell)


def import_loop() -> Loop:
    return Loop(imports.WAKE, imports.import_due)


def housekeeping_loop() -> Loop:
    """What is due by the clock: snoozed tickets and e-mail about news every few seconds, the house hourly."""
    hourly = housekeeping.Hourly(_keep_house)
    return Loop(housekeeping.WAKE, in_turn(wake_due, mail_due, tell_due, hourly))


def push_loop() -> Loop:
    """To browsers, by other people's servers: one that answers slowly holds up nothing but this."""
    return Loop(housekeeping.WAKE, push_due)


def _keep_house(now: datetime) -> None:
    housekeeping.keep_house(now)
    tidying.tidy_once_a_day()
