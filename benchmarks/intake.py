#!/usr/bin/env python3
"""Mails a second from SMTP DATA to the committed activity, on a data folder of its own.

    python benchmarks/intake.py FOLDER_OF_EML [--workers 2] [--senders 8] [--manifest manifest.json]

Starts the embedded database, the SMTP listener and the workers as an installation does, sends every mail to
one team, and waits until all are filed. The ratio to a bare loop of parse + fold + sanitise over the same
mails, run on the same machine just before, is what compares between machines.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty, Queue

ADDRESS = "support.bench@inbox.example"
PORT = 26301


def main() -> None:
    options = _options()
    mails = [path.read_bytes() for path in sorted(options.folder.glob("*.eml"))]
    bare = _bare(mails)
    with tempfile.TemporaryDirectory(prefix="emailhub-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ |= {"EMAILHUB_DATA": folder, "EMAILHUB_SMTP_PORT": str(PORT)}
        figures = _measure(mails, options)
    megabytes = sum(map(len, mails)) / 1e6
    print(f"{len(mails)} mails, {megabytes:.0f} MB, {options.workers} workers")
    print(f"accepted        {len(mails) / figures['accepted']:8.1f} mails/s")
    print(f"filed           {len(mails) / figures['filed']:8.1f} mails/s")
    print(f"bare loop       {bare:8.1f} mails/s (parse + fold + sanitise, all cores)")
    print(f"ratio           {len(mails) / figures['filed'] / bare:8.2f}")
    p50, p99 = (figures[name] * 1000 for name in ("p50", "p99"))
    print(f"final dot to 250 p50 {p50:.0f} ms, p99 {p99:.0f} ms under this load")
    print("outcomes        " + ", ".join(f"{k} {v}" for k, v in figures["outcomes"]))
    if options.manifest:
        _compare(options.manifest, figures["tickets"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--manifest", type=Path)
    return parser.parse_args()


def _read_one(raw: bytes) -> int:
    from emailhub import mail

    message = mail.parse(raw)
    visible = mail.fold_html(message.html).visible if message.html else mail.fold_text(message.text).visible
    return len(mail.sanitise(visible).html)


def _bare(mails: list[bytes]) -> float:
    with multiprocessing.Pool() as pool:
        pool.map(_read_one, mails[:20])
        started = time.perf_counter()
        pool.map(_read_one, mails, chunksize=8)
        return len(mails) / (time.perf_counter() - started)


def _measure(mails: list[bytes], options: argparse.Namespace) -> dict:
    from emailhub.cli.environment import ready

    with ready():
        from emailhub.cli.migrate import migrate

        migrate()
        team = _company()
        commands = [("smtpd",), *[("worker",)] * options.workers]
        processes = [subprocess.Popen([sys.executable, "-m", "emailhub", *command]) for command in commands]
        try:
            _wait_for_port()
            return _run(mails, options.senders, team)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def _company() -> int:
    from emailhub.accounts.models import Company, Team
    from emailhub.accounts.tenancy import company
    from emailhub.hub.addresses import generate_address

    firm = Company.objects.create(name="Bench", slug="bench")
    with company(firm.pk):
        generate_address(Team.objects.create(company=firm, name="Support"))
    return firm.pk


def _run(mails: list[bytes], senders: int, company_id: int) -> dict:
    waiting: Queue[bytes] = Queue()
    for mail in mails:
        waiting.put(mail)
    times: list[float] = []
    started = time.perf_counter()
    threads = [threading.Thread(target=_send, args=(waiting, times)) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = time.perf_counter() - started
    outcomes, tickets = _wait_until_filed(company_id)
    filed = time.perf_counter() - started
    times.sort()
    return {
        "accepted": accepted,
        "filed": filed,
        "p50": times[len(times) // 2],
        "p99": times[int(len(times) * 0.99)],
        "outcomes": outcomes,
        "tickets": tickets,
    }


def _send(waiting: Queue[bytes], times: list[float]) -> None:
    with smtplib.SMTP("127.0.0.1", PORT) as smtp:
        smtp.ehlo()
        while True:
            try:
                mail = waiting.get_nowait()
            except Empty:
                return
            smtp.mail("sender@customer.example")
            smtp.rcpt(ADDRESS)
            started = time.perf_counter()
            code, answer = smtp.data(mail)
            times.append(time.perf_counter() - started)
            if code != 250:
                raise SystemExit(f"refused: {code} {answer!r}")


def _wait_until_filed(company_id: int) -> tuple[list[tuple[str, int]], dict[str, int]]:
    from django.db.models import Count

    from emailhub.accounts.tenancy import company
    from emailhub.desk.models import Message
    from emailhub.intake.models import ReceivedMessage

    while True:
        with company(company_id):
            if not ReceivedMessage.objects.filter(state="waiting").exists():
                rows = ReceivedMessage.objects.values_list("outcome").annotate(n=Count("id"))
                tickets = dict(Message.objects.values_list("message_id", "ticket_id"))
                return sorted(rows), tickets
        time.sleep(0.05)


def _compare(manifest: Path, tickets: dict[str, int]) -> None:
    """How many of the corpus' replies are on their parent's ticket."""
    truth = json.loads(manifest.read_text())
    ids = [entry["mid"].strip("<>") for entry in truth]
    replies = [(ids[entry["i"]], ids[entry["parent"]]) for entry in truth if entry["reply"]]
    joined = sum(tickets.get(reply) == tickets.get(parent) is not None for reply, parent in replies)
    print(f"replies joined  {joined} of {len(replies)}; {len(set(tickets.values()))} tickets")


def _wait_for_port() -> None:
    while True:
        try:
            smtplib.SMTP("127.0.0.1", PORT).quit()
            return
        except OSError:
            time.sleep(0.1)


if __name__ == "__main__":
    main()
