#!/usr/bin/env python3
"""Pages and search with many tickets stored, beside the same with few: server time, and the ratio.

    python benchmarks/scale.py [--sizes 1000,100000] [--requests 60]

Forty real tickets, filed by the pipeline, are copied inside the database until there are enough: each copy
with ids, people, words and times of its own. Pages are asked for one at a time through Django as configured.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from typing import Any

import psycopg
from bench import described, inside, installation, milliseconds, percentile, table

TEMPLATES = 40
STEP = 1_000_000  # between the ids of two copies
# Their ids, and whatever names them, move by STEP a copy.
TABLES = (
    "desk_contact",
    "desk_contactemail",
    "desk_ticket",
    "desk_activity",
    "desk_message",
    "desk_knownid",
    "desk_participant",
    "intake_receivedmessage",
)
LINKS = {
    "contact_id",
    "ticket_id",
    "activity_id",
    "message_id",
    "filed_as_id",
    "related_to_id",
    "merged_into_id",
    "follow_up_of_id",
}
OWN_WORDS = {"subject", "normal_subject", "text", "new_text", "preview", "name"}
OWN_NAMES = {"address", "sender_address", "value", "message_id"}


def main() -> None:
    parser = described(__doc__)
    parser.add_argument("--sizes", default="1000,100000")
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    rows: list[tuple[object, ...]] = []
    with installation() as (made, address, _), inside(made):
        file_templates(address)
        few: dict[str, float] = {}
        copies = 0
        for size in sizes:
            began = time.perf_counter()
            copies = copy_until(size, copies)
            print(f"{size} tickets after {time.perf_counter() - began:.0f} s")
            for name, (times, queries) in measure(options.requests, copies).items():
                p95 = percentile(times, 0.95)
                few.setdefault(name, p95)
                median = milliseconds(percentile(times, 0.5))
                rows.append((name, size, median, milliseconds(p95), queries, f"{p95 / few[name]:.2f}"))
    table(
        "Pages and search, server time",
        ("page", "tickets", "median", "p95", "statements", f"p95 to that at {sizes[0]}"),
        rows,
    )


def file_templates(address: str) -> None:
    from emailhub.accounts.models import Company
    from emailhub.accounts.tenancy import company
    from emailhub.intake.accept import accept, route_for
    from emailhub.intake.process import process_due
    from tests.letters import letter

    route = route_for(address)
    assert route
    for number in range(TEMPLATES):
        ours = f"first-{number}@customer.example"
        opening = letter(f"Person {number} <p{number}@customer.example>", address, message_id=ours)
        answers = [
            letter(f"p{number}@customer.example", address, subject="Re: The pump leaks", in_reply_to=ours)
            for _ in range(2)
        ]
        for raw in (opening, *answers):
            accept(channel="smtp", content=raw, mail_from="p@customer.example", routes=[route])
    while process_due():
        pass
    with company(Company.objects.get().pk):
        from emailhub.desk.models import Ticket

        assert Ticket.objects.count() == TEMPLATES


def copy_until(tickets: int, copies: int) -> int:
    """Copy the templates until there are so many tickets. Returns how many copies there are."""
    wanted = tickets // TEMPLATES - 1
    with _superuser() as connection:
        for name in TABLES:
            connection.execute(_copy(connection, name), {"first": copies + 1, "last": wanted})  # type: ignore[arg-type]
    with _superuser() as connection:
        connection.execute("VACUUM ANALYZE")
    return wanted


def _superuser() -> psycopg.Connection[Any]:
    """Links are not checked, since they are copied with what they lead to."""
    from django.db import connections

    place = connections["owner"].get_connection_params()
    return psycopg.connect(
        host=place["host"],
        dbname=place["dbname"],
        user="postgres",
        autocommit=True,
        options="-c session_replication_role=replica",
    )


def _copy(connection: psycopg.Connection[Any], name: str) -> str:
    columns = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
        [name],
    ).fetchall()
    names = ", ".join(f'"{column}"' for column, _ in columns)
    values = ", ".join(_value(name, column, kind) for column, kind in columns)
    return (  # every name comes from the catalogue
        f"INSERT INTO {name} ({names}) SELECT {values} FROM {name} t,"  # noqa: S608
        f" generate_series(%(first)s::bigint, %(last)s::bigint) k WHERE t.id < {STEP}"
    )


def _value(table_name: str, column: str, kind: str) -> str:
    own = f't."{column}"'
    if column == "outgoing_id":
        return "NULL"
    if kind == "bigint" and (column in LINKS or column == "id"):
        return f"{own} + k * {STEP}"
    if column == "number" and table_name == "desk_ticket":
        return f"{own} + k * {TEMPLATES}"
    if column == "message_key":
        return f"md5({own} || k)"
    if kind == "uuid":
        return "gen_random_uuid()"
    if kind == "timestamp with time zone":
        return f"{own} - k * interval '90 seconds'"
    if column in OWN_NAMES and kind != "bigint":
        return f"CASE WHEN {own} = '' THEN '' ELSE 'k' || k || '-' || {own} END"
    if column in OWN_WORDS and kind != "jsonb":
        return f"CASE WHEN {own} = '' THEN '' ELSE {own} || ' qz' || k || 'x' END"
    return own


def measure(requests: int, copies: int) -> dict[str, tuple[list[float], int]]:
    """Times and statements of each page."""
    from django.test import Client

    from emailhub.accounts.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get())
    dice = random.Random(1)  # noqa: S311  (the same pages each time)
    first = client.get("/tickets/")
    assert first.status_code == 200, first.status_code
    assert re.search(rb"/tickets/\d+/", first.content)

    def ticket() -> str:
        return f"/tickets/{dice.randint(1, TEMPLATES * (copies + 1))}/"

    pages: dict[str, Callable[[], str]] = {
        "list": lambda: "/tickets/",
        "ticket": ticket,
        "search: two words": lambda: f"/search/?q=pump+qz{dice.randint(1, copies)}x",
        "search: a frequent word": lambda: "/search/?q=pump",
        "search: an address": lambda: f"/search/?q=k{dice.randint(1, copies)}-p7@customer.example",
        "search: a number": lambda: f"/search/?q=%23{dice.randint(1, TEMPLATES * copies)}",
    }
    return {name: _time(client, page, requests) for name, page in pages.items()}


def _time(client: Any, page: Callable[[], str], requests: int) -> tuple[list[float], int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(page())
    times = []
    for _ in range(requests):
        url = page()
        began = time.perf_counter()
        answer = client.get(url)
        times.append(time.perf_counter() - began)
        assert answer.status_code < 400, (url, answer.status_code)  # a number leads to its ticket
    with CaptureQueriesContext(connection) as captured:
        client.get(page())
    return times, len(captured)


if __name__ == "__main__":
    main()
