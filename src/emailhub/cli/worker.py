"""`emailhub worker`: file what was received, send what is due, import contacts; woken at commit, sweeping."""

from __future__ import annotations

import argparse
import signal
import threading

from emailhub.cli.environment import serving


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is due now, and end")


def run(options: argparse.Namespace) -> int:
    with serving():
        from emailhub.cli import channels

        loops = (
            channels.intake_loop(),
            channels.delivery_loop(),
            channels.graph_loop(),
            *channels.mailbox_loops(),
            channels.import_loop(),
            channels.domains_loop(),
            channels.housekeeping_loop(),
            channels.push_loop(),
        )
        if options.once:
            for loop in loops:
                loop.drain()
            return 0
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        threads = [threading.Thread(target=loop.run, args=(stop,), name=loop.channel) for loop in loops]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return 0
