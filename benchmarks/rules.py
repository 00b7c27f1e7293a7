#!/usr/bin/env python3
"""What inbound rules cost: deciding a mail with 0, 50 and 500 rules, of which none matches.

    python benchmarks/rules.py [--mails 2000] [--body 2000]

Pure: the code that the pipeline, the test bench and the dry run share, without a database. A body condition
is the dearest one, so a tenth of the rules has one. A worker reads the rows only after a change.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from emailhub.rules.decide import decide
from emailhub.rules.facts import Action, Contact, Facts, Sender, Verdict
from emailhub.rules.matching import Condition, Field, Letter, Operator, Rule, first_match
from emailhub.rules.review import review

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FACTS = Facts(
    now=NOW,
    team_id=1,
    hub_enabled=True,
    known_contacts_only=False,
    sender=Sender("carla@farm.example", "Carla", contact=Contact(1, "Carla", confirmed=True)),
    verdict=Verdict.PASS,
    verified_forwarder=False,
    subject="the pump leaks",
    automatic=False,
    out_of_office=False,
    is_report=False,
    our_message_returned_to_sender=False,
    duplicate_of=None,
)


def main() -> None:
    options = _options()
    print(f"{options.mails} mails of {options.body} characters, median of five rounds")
    bare = 0.0
    for number in (0, 50, 500):
        seconds = _median(partial(_decide_all, _rules(number), options)) / options.mails
        bare = bare or seconds
        print(f"{number:4} rules   {seconds * 1e6:8.1f} µs a mail   {seconds / bare:6.1f} x")
    ms = _median(partial(review, _rules(500))) * 1e3
    print(f" 500 rules   {ms:8.1f} ms for what is wrong with them (a page)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--body", type=int, default=2000, help="characters of each body")
    return parser.parse_args()


def _rules(number: int) -> list[Rule]:
    return [Rule(place, _conditions(place), Action.IGNORE) for place in range(number)]


def _conditions(place: int) -> tuple[Condition, ...]:
    match place % 10:
        case 0:
            return (Condition(Field.BODY, Operator.CONTAINS, (f"offer {place}", f"oferta {place}")),)
        case 1 | 2 | 3:
            return (Condition(Field.SENDER_DOMAIN, Operator.IS_OR_SUBDOMAIN, (f"shop-{place}.example",)),)
        case 4 | 5 | 6:
            return (Condition(Field.SENDER_ADDRESS, Operator.IS, (f"person-{place}@farm.example",)),)
        case _:
            return (Condition(Field.SUBJECT, Operator.CONTAINS, (f"invoice {place}",)),)


def _decide_all(rules: list[Rule], options: argparse.Namespace) -> None:
    words = "La bomba pierde agua y no arranca. Necesitamos una válvula. "
    body = (words * (options.body // len(words) + 1))[: options.body]
    for number in range(options.mails):
        letter = Letter(
            sender_address=f"carla-{number}@farm.example",
            sender_name="Carla Núñez",
            subject="Re: la bomba",
            body=body,
            received_at=("service.dealer@inbox.example",),
            recipients=("service.dealer@inbox.example",),
        )
        assert first_match(rules, letter) is None
        decide(FACTS)


def _median(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
