"""The relay: does it take us as it would with a mail, log-in included?"""

from __future__ import annotations

from collections.abc import Iterator

from emailhub.accounts.models import Company
from emailhub.channels.smtp.limits import TimeOuts
from emailhub.channels.smtp.send import smtp_sender
from emailhub.cli.check.finding import Finding, failed, ok, warning

_PATIENCE = TimeOuts(connect=10)


def look() -> Iterator[Finding]:
    relay = smtp_sender(_PATIENCE)
    if relay is None:
        only_demo = not Company.objects.filter(is_demo=False).exists()
        say = ok if only_demo else warning
        yield say("relay", "EMAILHUB_RELAY_HOST is empty: outgoing mail waits in the outbox")
        return
    complaint = relay.complaint()
    relay.close()
    yield failed("relay", complaint) if complaint else ok("relay", "the relay answers, and takes our log-in")
