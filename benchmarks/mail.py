#!/usr/bin/env python3
"""Mails a second on one core: reading, folding, making safe, verifying; and where the time goes.

    python benchmarks/mail.py [FOLDER_OF_EML] [--seconds 3]

Each step is run again and again over all mails for some seconds. The standard library's bare parse (compat32,
its parts decoded) over the same mails in the same run is what compares between machines.
"""

from __future__ import annotations

import argparse
import cProfile
import email
import email.policy
import pstats
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from emailhub import mail
from emailhub.mail.authenticity import Envelope, evaluate

COLLECTION = Path(__file__).parents[1] / "tests" / "messages"
ENVELOPE = Envelope("192.0.2.1", "mx.farm.example", "carla@farm.example")


class _NoZone:
    """A DNS in which nothing is published."""

    def txt(self, name: str) -> list[str]:
        return []

    def addresses(self, name: str, *, version: int) -> list[str]:
        return []

    def mx(self, name: str) -> list[str]:
        return []

    def ptr(self, address: str) -> list[str]:
        return []


def main() -> None:
    options = _options()
    raws = [path.read_bytes() for path in sorted(options.folder.glob("*.eml"))]
    read = [mail.parse(raw) for raw in raws]
    steps: dict[str, Callable[[], object]] = {
        "standard library": lambda: [_standard_library(raw) for raw in raws],
        "parse": lambda: [mail.parse(raw) for raw in raws],
        "fold": lambda: [_fold(message) for message in read],
        "fold + sanitise": lambda: [_show(message) for message in read],
        "verify, nothing published": lambda: [
            evaluate(raw, message, ENVELOPE, _NoZone()) for raw, message in zip(raws, read, strict=True)
        ],
        "all of it": lambda: [_everything(raw) for raw in raws],
    }
    print(f"{len(raws)} mails, {sum(map(len, raws)) / 1e6:.1f} MB, one core")
    rates = {name: _rate(step, len(raws), options.seconds) for name, step in steps.items()}
    for name, rate in rates.items():
        ratio = rate / rates["standard library"]
        print(
            f"{name:<28}{rate:10.0f} mails/s {1e3 / rate:8.3f} ms a mail {ratio:8.2f} of the standard library"
        )
    _profile(raws)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=COLLECTION)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each step")
    return parser.parse_args()


def _rate(step: Callable[[], object], mails: int, seconds: float) -> float:
    """Mails a second of the processor's time, after one round that does not count."""
    step()
    start, rounds = time.process_time(), 0
    while time.process_time() - start < seconds:
        step()
        rounds += 1
    return mails * rounds / (time.process_time() - start)


def _standard_library(raw: bytes) -> int:
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    return sum(
        len(part.get_payload(decode=True) or b"") for part in message.walk() if not part.is_multipart()
    )


def _fold(message: mail.Message) -> mail.Folded:
    if message.html:
        return mail.fold_html(message.html, subject=message.subject)
    return mail.fold_text(message.text, subject=message.subject)


def _show(message: mail.Message) -> mail.Shown:
    return mail.show(message.html, message.text, subject=message.subject)


def _everything(raw: bytes) -> mail.Shown:
    message = mail.parse(raw)
    evaluate(raw, message, ENVELOPE, _NoZone())
    return _show(message)


def _profile(raws: Sequence[bytes]) -> None:
    profile = cProfile.Profile()
    profile.runcall(lambda: [_everything(raw) for raw in raws])
    print("\nwhere the time goes, in itself:")
    pstats.Stats(profile).sort_stats("tottime").print_stats(15)


if __name__ == "__main__":
    main()
