"""`emailhub web`: the pages and the live stream on one port."""

from __future__ import annotations

import argparse
import socket
from typing import TYPE_CHECKING

import uvicorn
from django.db import connection

from emailhub import configuration
from emailhub.cli.environment import serving
from emailhub.cli.first_run import announce_first_run
from emailhub.cli.keeper import is_kept
from emailhub.cli.loopback import refuse_open_demo
from emailhub.configuration import read, read_number

if TYPE_CHECKING:
    from emailhub.web.shell import Shell

AT_ONCE = 3000  # connections, open event streams among them; beyond it the answer is 503
GRACE = 3  # seconds for requests under way; open event streams would wait for ever


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: address and port are EMAILHUB_HOST and EMAILHUB_PORT."""


def run(options: argparse.Namespace) -> int:
    with serving():
        from emailhub.web.shell import Connection

        refuse_open_demo("EMAILHUB_HOST")
        if not is_kept(configuration.data_root()):  # else the `up` that has started us says it
            announce_first_run()
            connection.close()
        from emailhub.asgi import application

        config = uvicorn.Config(
            application,
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
            forwarded_allow_ips=read("EMAILHUB_TRUSTED_PROXIES"),
        )
        _Server(config, application).run()
    return 0


class _Server(uvicorn.Server):
    """Ends the open event streams first: they would be waited for, and then be cut off as failures."""

    def __init__(self, config: uvicorn.Config, shell: Shell) -> None:
        super().__init__(config)
        self._shell = shell

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._shell.hub.close()
        await super().shutdown(sockets)
