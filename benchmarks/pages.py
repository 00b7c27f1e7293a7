#!/usr/bin/env python3
"""What the two pages of every day cost when there is much: statements, server time and bytes.

    python benchmarks/pages.py [--activities 30,2000] [--tickets 1000,100000] [--requests 30]

A ticket of few activities and one of many are asked for in turns, and so is the list before and after there
are many tickets (scale.py says how they are made). Ratios within one run are what counts.
"""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench import described, inside, installation, milliseconds, percentile, table
from scale import copy_until, file_templates

STATIC = Path(__file__).resolve().parents[1] / "src" / "emailhub" / "web" / "static"
WORDS = "The pump leaks where the hose meets it, since Monday, and more when it is cold. " * 12


def main() -> None:
    parser = described(__doc__)
    parser.add_argument("--activities", default="30,2000")
    parser.add_argument("--tickets", default="1000,100000")
    parser.add_argument("--requests", type=int, default=30)
    options = parser.parse_args()
    few, many = (int(size) for size in options.activities.split(","))
    with installation() as (made, address, _), inside(made):
        file_templates(address)
        show_ticket(few, many, options.requests)
        show_list([int(size) for size in options.tickets.split(",")], options.requests)


def show_ticket(few: int, many: int, requests: int) -> None:
    """Two tickets beside each other, the short one and the long one."""
    client = signed_in()
    first, middle = fill(1, few), fill(2, many)
    pages = {
        "open": ("/tickets/1/", "/tickets/2/"),
        "one window up": (
            f"/tickets/1/activities/?before={first}",
            f"/tickets/2/activities/?before={middle}",
        ),
        "at an entry in the middle": (f"/tickets/1/?at={first}", f"/tickets/2/?at={middle}"),
        "notes alone": ("/tickets/1/?kind=notes", "/tickets/2/?kind=notes"),
        "what came after the last": ("/tickets/1/activities/?after=999999999",) * 2,
    }
    rows = []
    for name, (short, long) in pages.items():
        times = in_turns(client, (short, long), requests)
        medians = [percentile(times[url], 0.5) for url in (short, long)]
        counts = [statements(client, url) for url in (short, long)]
        ratio = f"{medians[1] / medians[0]:.2f}"
        rows.append((name, *counts, *map(milliseconds, medians), ratio))
    head = ("page", f"statements at {few}", f"at {many}", f"median at {few}", f"at {many}", "ratio")
    table("A ticket", head, rows)
    weigh(client, "/tickets/2/")


def show_list(sizes: list[int], requests: int) -> None:
    client = signed_in()
    rows: list[tuple[object, ...]] = []
    copies, least = 0, 0.0
    for size in sizes:
        copies = copy_until(size, copies)
        times = in_turns(client, ("/tickets/",), requests)["/tickets/"]
        median = percentile(times, 0.5)
        least = least or median
        rows.append((size, statements(client, "/tickets/"), milliseconds(median), f"{median / least:.2f}"))
    table("The list", ("tickets", "statements", "median", f"to that at {sizes[0]}"), rows)
    weigh(client, "/tickets/")


def signed_in() -> Any:
    from django.test import Client

    from emailhub.accounts.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get())
    return client


def fill(number: int, count: int) -> int:
    """Make a ticket so long: mails, notes and events in turns. Returns the id of the one in its middle."""
    from django.utils import timezone

    from emailhub.accounts.models import Company
    from emailhub.accounts.tenancy import company
    from emailhub.desk.models import Activity, Message, Ticket

    kinds = (Activity.Kind.RECEIVED, Activity.Kind.NOTE, Activity.Kind.WAITING)
    with company(Company.objects.get().pk):
        ticket = Ticket.objects.get(number=number)
        sample = ticket.messages.order_by("id")[0]
        shared = {"company_id": ticket.company_id, "ticket": ticket}
        made = Activity.objects.bulk_create(
            Activity(kind=kinds[place % 3], at=timezone.now(), text=WORDS, **shared) for place in range(count)
        )
        Message.objects.bulk_create(
            Message(
                activity=activity,
                team_id=sample.team_id,
                message_key=f"{number}-{place}",
                sender_name=sample.sender_name,
                sender_address=sample.sender_address,
                to=sample.to,
                text=WORDS,
                content_key=sample.content_key,
                **shared,
            )
            for place, activity in enumerate(made)
            if activity.kind == Activity.Kind.RECEIVED
        )
        return made[count // 2].pk


def in_turns(client: Any, urls: tuple[str, ...], requests: int) -> Mapping[str, list[float]]:
    """Times of each page, asked for one after the other so that both have the same machine."""
    times: dict[str, list[float]] = {url: [] for url in urls}
    for url in times:
        client.get(url)
    for _ in range(requests):
        for url, found in times.items():
            began = time.perf_counter()
            answer = client.get(url)
            found.append(time.perf_counter() - began)
            assert answer.status_code == 200, (url, answer.status_code)
    return times


def statements(client: Any, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def weigh(client: Any, url: str) -> None:
    """What a browser fetches when it opens the page for the first time, without fonts of its own."""
    page = client.get(url).content
    linked = set(re.findall(rb'(?:href|src)="/static/([^"#?]+)', page))
    files = sorted(set(_with_imports({Path(name.decode()) for name in linked})))
    by_kind: dict[str, list[bytes]] = {"page": [page]}
    for file in files:
        place = STATIC / file
        if place.is_file():
            by_kind.setdefault(file.suffix.removeprefix("."), []).append(place.read_bytes())
    rows = [
        (kind, len(contents), _kilobytes(contents), _kilobytes([gzip.compress(one) for one in contents]))
        for kind, contents in by_kind.items()
    ]
    everything = [one for contents in by_kind.values() for one in contents]
    rows.append(
        (
            "all",
            len(everything),
            _kilobytes(everything),
            _kilobytes([gzip.compress(one) for one in everything]),
        )
    )
    table(f"First load of {url}", ("what", "files", "bytes", "compressed"), rows)


def _with_imports(files: set[Path]) -> Iterator[Path]:
    """The files, and the modules that they import at once or when a page has a composer."""
    seen: set[Path] = set()
    while files:
        file = files.pop()
        if file in seen:
            continue
        seen.add(file)
        yield file
        source = (STATIC / file).read_text("utf-8", "replace") if (STATIC / file).is_file() else ""
        if file.suffix == ".js":
            files |= {file.parent / name for name in re.findall(r'"\./([\w.-]+\.js)"', source)}


def _kilobytes(contents: list[bytes]) -> str:
    return f"{sum(map(len, contents)) / 1000:.0f} kB"


if __name__ == "__main__":
    main()
