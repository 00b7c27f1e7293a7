#!/usr/bin/env python3
"""From the final dot to "250" at a steady rate, and from there to a page that is open.

    python benchmarks/acknowledge.py [--rate 20] [--mails 300]

Everything runs as `emailhub up` starts it. An open page's event stream tells when a mail could be seen. The
bare write of as many bytes with fsync, in the same run, is what compares between machines.
"""

from __future__ import annotations

import http.client
import os
import re
import smtplib
import tempfile
import threading
import time
import urllib.parse
from queue import Empty, SimpleQueue

from bench import described, installation, milliseconds, percentile, table

from tests.cli.installation import Installation
from tests.letters import letter

SIZE = 20_000  # characters of each mail's text


def main() -> None:
    parser = described(__doc__)
    parser.add_argument("--rate", type=float, default=20, help="mails a second")
    parser.add_argument("--mails", type=int, default=300)
    options = parser.parse_args()
    with installation() as (made, address, password), made.up():
        events = open_page(made, sign_in(made, password))
        acknowledged, seen = send_steadily(made, address, events, options.rate, options.mails)
    fsync = percentile(_bare_writes(50), 0.5)
    rows = [
        ("final dot to 250", *_three(acknowledged), "p99 250 ms"),
        ("250 to the event in an open page", *_three(seen), "p95 1 s"),
        ("bare write and fsync of as much", milliseconds(fsync), "", "", ""),
    ]
    table(
        f"{options.rate:.0f} mails/s, {len(seen)} of {options.mails} seen",
        ("what", "median", "p95", "p99", "goal"),
        rows,
    )


def _three(times: list[float]) -> tuple[str, str, str]:
    half, most, nearly_all = (milliseconds(percentile(times, share)) for share in (0.5, 0.95, 0.99))
    return half, most, nearly_all


def sign_in(made: Installation, password: str) -> str:
    """The cookies of a signed-in browser."""
    connection = http.client.HTTPConnection("127.0.0.1", made.port)
    connection.request("GET", "/account/login/")
    page = connection.getresponse()
    csrf = _cookies(page)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token
    form = {"csrfmiddlewaretoken": token[1], "login": "olga@dealer.example", "password": password}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": csrf}
    connection.request("POST", "/account/login/", urllib.parse.urlencode(form), headers)
    answer = connection.getresponse()
    assert answer.status == 302, answer.status
    return _cookies(answer)


def _cookies(answer: http.client.HTTPResponse) -> str:
    given = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(line.partition(";")[0] for line in given)


def open_page(made: Installation, cookies: str) -> SimpleQueue[float]:
    """The instants at which events about new activities came."""
    events: SimpleQueue[float] = SimpleQueue()
    connection = http.client.HTTPConnection("127.0.0.1", made.port)
    connection.request("GET", "/events", headers={"Cookie": cookies})
    stream = connection.getresponse()
    assert stream.status == 200, stream.status

    def listen() -> None:
        for line in stream:
            if line.startswith(b"data:") and b'"activity"' in line:
                events.put(time.perf_counter())

    threading.Thread(target=listen, daemon=True).start()
    return events


def send_steadily(
    made: Installation, address: str, events: SimpleQueue[float], rate: float, mails: int
) -> tuple[list[float], list[float]]:
    """Send at the rate, one connection. Returns the times to 250, and from there to the event."""
    acknowledged, seen = [], []
    with smtplib.SMTP("127.0.0.1", made.smtp_port) as smtp:
        smtp.ehlo()
        begun = time.perf_counter()
        for number in range(mails):
            time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            raw = letter(f"p{number}@customer.example", address, text="It leaks.\n" + "x" * 70 * (SIZE // 70))
            smtp.mail("p@customer.example")
            smtp.rcpt(address)
            dot = time.perf_counter()
            smtp.data(raw)
            done = time.perf_counter()
            acknowledged.append(done - dot)
            try:
                seen.append(events.get(timeout=30) - done)
            except Empty:
                continue
    return acknowledged, seen


def _bare_writes(times: int) -> list[float]:
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(times):
            began = time.perf_counter()
            os.write(file.fileno(), b"x" * SIZE)
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return taken


if __name__ == "__main__":
    main()
