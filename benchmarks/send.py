#!/usr/bin/env python3
"""Mails a second through one relay, and how long an answer takes to be stored.

    python benchmarks/send.py [--mails 300]

The relay is a sink on loopback that answers at once; one worker sends.
"""

from __future__ import annotations

import os
import time
import uuid

from bench import described, inside, installation, milliseconds, percentile, table

from tests.channels.smtp.sink import Sink
from tests.cli.installation import wait_until
from tests.letters import letter


def main() -> None:
    parser = described(__doc__)
    parser.add_argument("--mails", type=int, default=300)
    options = parser.parse_args()
    sink = Sink()
    with installation() as (made, address, _):
        made.settings |= {
            "EMAILHUB_RELAY_HOST": "127.0.0.1",
            "EMAILHUB_RELAY_PORT": str(sink.port),
            "EMAILHUB_RELAY_SECURITY": "none",
            "EMAILHUB_UNDO_SECONDS": "0",
        }
        with inside(made):
            times = write(address, options.mails)
            began = time.perf_counter()
            with made.running("worker"):
                wait_until(lambda: bool(sink.mails))
                first = time.perf_counter()
                wait_until(lambda: len(sink.mails) >= options.mails)
                seconds = time.perf_counter() - first
    rate = (options.mails - 1) / seconds
    rows = [
        ("one worker, one relay", f"{rate:.0f} mails/s", "50 mails/s"),
        ("connections to the relay", sink.connections, "1"),
        ("from the worker's start to the first mail", f"{first - began:.1f} s", ""),
        ("an advisor's answer, stored (p95)", milliseconds(percentile(times, 0.95)), "page 60 ms"),
    ]
    table("Sending", ("what", "figure", "goal"), rows)


def write(address: str, mails: int) -> list[float]:
    """File a ticket and answer it so many times. Returns how long each answer took to be stored."""
    from django.utils import timezone

    from emailhub.accounts.models import Advisor, Company
    from emailhub.accounts.tenancy import company
    from emailhub.desk.answer import Answer
    from emailhub.desk.models import Ticket
    from emailhub.desk.reply import reply
    from emailhub.intake.accept import accept, route_for
    from emailhub.intake.process import process_due
    from emailhub.mail import Mailbox

    route = route_for(address)
    assert route
    accept(channel="smtp", content=letter("carla@customer.example", address), mail_from="", routes=[route])
    while process_due():
        pass
    times = []
    for number in range(mails):
        answer = Answer(
            to=(Mailbox("Carla", "carla@customer.example"),),
            subject="Re: The pump leaks",
            html=f"<p>We come <b>today</b>, at {number}.</p>",
            key=uuid.uuid4(),
        )
        began = time.perf_counter()
        with company(Company.objects.get().pk):
            reply(Ticket.objects.get(), answer, by=Advisor.objects.get(), now=timezone.now())
        times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    os.environ.setdefault("EMAILHUB_UNDO_SECONDS", "0")
    main()
