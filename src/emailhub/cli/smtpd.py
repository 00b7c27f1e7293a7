"""`emailhub smtpd`: the SMTP and LMTP listeners."""

from __future__ import annotations

import argparse
import signal
import threading

from emailhub.cli.environment import serving
from emailhub.cli.loopback import refuse_open_demo


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: ports and certificate are EMAILHUB_SMTP_PORT and its relatives."""


def run(options: argparse.Namespace) -> int:
    with serving():
        refuse_open_demo("EMAILHUB_SMTP_HOST")
        from emailhub.channels.smtp import receive

        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        receive.serve(stop)
    return 0
