"""`--to` and `--mail-from`: what SMTP would have said of a mail that is named on the command line."""

from __future__ import annotations

import argparse
import re
import secrets
from typing import TYPE_CHECKING

from emailhub.cli.errors import CommandError
from emailhub.cli.files import UnreadableError, content_of

if TYPE_CHECKING:
    from emailhub.hub.addresses import Route

_BARE_LF = re.compile(rb"(?<!\r)\n")


def add_envelope(parser: argparse.ArgumentParser) -> None:
    """The arguments --to and --mail-from."""
    parser.add_argument(
        "--to", action="append", required=True, metavar="ADDRESS", help="the recipient; may be given again"
    )
    parser.add_argument(
        "--mail-from", metavar="ADDRESS", help="the reverse-path; default: the address in the mail's From"
    )


def routes_to(addresses: list[str]) -> list[Route]:
    """Where mail to these recipients goes. Raises CommandError for one that nobody has."""
    from emailhub import mail
    from emailhub.intake.accept import route_for

    routes = []
    for address in addresses:
        normal = mail.normal_address(address)
        route = route_for(normal) if normal else None
        if route is None:
            raise CommandError(f"nobody here has the address {address}; `emailhub addresses` lists them all")
        routes.append(route)
    return routes


def wire_form(file: str, routes: list[Route]) -> bytes:
    """The mail of a file as the listener hands it on: lines end in CRLF, on top where it came from, us.

    Raises UnreadableError.
    """
    from django.conf import settings

    content = _BARE_LF.sub(b"\r\n", content_of(file))
    if len(content) > settings.MAX_MESSAGE_SIZE:
        raise UnreadableError(
            f"552 5.3.4 it has {len(content)} octets, and EMAILHUB_MAX_MESSAGE_SIZE allows"
            f" {settings.MAX_MESSAGE_SIZE}"
        )
    return _trace_line(routes) + content


def _trace_line(routes: list[Route]) -> bytes:
    from django.conf import settings
    from django.utils import timezone

    from emailhub.channels.smtp import trace

    return trace.received(
        helo="localhost",
        peer="127.0.0.1",
        by=settings.MAIL_DOMAIN,
        protocol="ESMTP",
        id=secrets.token_hex(8),
        recipients=[route.address for route in routes],
        at=timezone.now(),
    )


def mail_from(given: str | None, raw: bytes) -> str:
    """The reverse-path: what was given, or what a customer's mail program would have said."""
    from emailhub import mail
    from emailhub.intake import reading

    if given is not None:
        return given.strip("<>")
    try:
        sender = reading.read_mail(raw).message.sender
    except reading.UnreadableError:
        return ""
    return sender.address if sender and mail.is_sendable(sender.address) else ""
