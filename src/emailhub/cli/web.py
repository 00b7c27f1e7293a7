"""`emailhub web`: the pages and the live stream on one port."""

from __future__ import annotations

import argparse

import uvicorn

from emailhub.cli.environment import serving
from emailhub.cli.loopback import refuse_open_demo
from emailhub.configuration import read, read_number

AT_ONCE = 3000  # connections, open event streams among them; beyond it the answer is 503
GRACE = 3  # seconds for requests under way; open event streams would wait for ever


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: address and port are EMAILHUB_HOST and EMAILHUB_PORT."""


def run(options: argparse.Namespace) -> int:
    with serving():
        from emailhub.web.shell import Connection

        refuse_open_demo("EMAILHUB_HOST")
        uvicorn.run(
            "emailhub.asgi:application",
            host=read("EMAILHUB_HOST"),
            port=read_number("EMAILHUB_PORT"),
            http=Connection,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=AT_ONCE,
            timeout_graceful_shutdown=GRACE,
            timeout_keep_alive=15,
            forwarded_allow_ips="127.0.0.1",
        )
    return 0
