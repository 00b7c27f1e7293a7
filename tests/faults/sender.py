"""A mail server somewhere: it keeps each mail, and tries again, until it has been told 250.

Run as `python -m tests.faults.sender PORT COUNT RECIPIENT SEED`. For each mail that was taken it prints its
Message-ID and the SHA-256 of its bytes.
"""

from __future__ import annotations

import hashlib
import random
import smtplib
import sys
import threading
import time
from queue import Empty, SimpleQueue

from tests.letters import letter

_AT_ONCE = 4
_LARGE = 1_200_000  # read in a child of the worker
_telling = threading.Lock()  # print() writes a line in pieces, and another thread's fall between


def mails(count: int, recipient: str, seed: int) -> dict[str, bytes]:
    """By their Message-ID."""
    chance = random.Random(seed)
    made = {}
    for number in range(count):
        id = f"kill-{seed}-{number}@customer.example"
        files = ()
        if number % 20 == 7:
            files = (("scan.bin", "application/octet-stream", chance.randbytes(_LARGE)),)
        elif number % 5 == 2:
            files = (("photo.bin", "application/octet-stream", chance.randbytes(20_000)),)
        made[id] = letter(
            f"Customer {number} <customer-{number}@customer.example>",
            recipient,
            f"Question {number}",
            "Good morning.\n.\nThe line above is a dot.",
            message_id=id,
            files=files,
        )
    return made


def _deliver(port: int, recipient: str, mail: bytes) -> bool:
    """One attempt. A reply that never came leaves the mail here."""
    try:
        with smtplib.SMTP("127.0.0.1", port, "customer.example", timeout=60) as smtp:
            smtp.sendmail("bounce@customer.example", [recipient], mail)
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _tell(id: str, mail: bytes) -> None:
    with _telling:
        print(id, hashlib.sha256(mail).hexdigest(), flush=True)


def _work(waiting: SimpleQueue[tuple[str, bytes]], port: int, recipient: str) -> None:
    while True:
        try:
            id, mail = waiting.get_nowait()
        except Empty:
            return
        while not _deliver(port, recipient, mail):
            time.sleep(0.2)
        _tell(id, mail)


def main() -> None:
    port, count, recipient, seed = sys.argv[1:]
    waiting: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
    for item in mails(int(count), recipient, int(seed)).items():
        waiting.put(item)
    threads = [threading.Thread(target=_work, args=(waiting, int(port), recipient)) for _ in range(_AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
