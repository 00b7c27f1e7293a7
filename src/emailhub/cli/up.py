"""`emailhub up`: everything under one supervisor in the foreground."""

from __future__ import annotations

import argparse
import os
import socket

from emailhub import configuration
from emailhub.cli.environment import set_up
from emailhub.cli.errors import CommandError
from emailhub.cli.first_run import first_run_lines
from emailhub.cli.keeper import kept_database
from emailhub.cli.loopback import refuse_open_address
from emailhub.cli.restore import held_lines
from emailhub.cli.supervisor import Child, Supervisor
from emailhub.configuration import read, read_number, read_switch

_OPTIONS = {
    "data": "EMAILHUB_DATA",
    "host": "EMAILHUB_HOST",
    "port": "EMAILHUB_PORT",
    "smtp_host": "EMAILHUB_SMTP_HOST",
    "smtp_port": "EMAILHUB_SMTP_PORT",
    "mail_domain": "EMAILHUB_MAIL_DOMAIN",
    "relay_host": "EMAILHUB_RELAY_HOST",
    "relay_port": "EMAILHUB_RELAY_PORT",
    "relay_security": "EMAILHUB_RELAY_SECURITY",
    "relay_user": "EMAILHUB_RELAY_USER",
}
_PORTS = {  # and the address that each is bound to
    "EMAILHUB_PORT": "EMAILHUB_HOST",
    "EMAILHUB_SMTP_PORT": "EMAILHUB_SMTP_HOST",
    "EMAILHUB_LMTP_PORT": "EMAILHUB_SMTP_HOST",
}
Login = tuple[str, str, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    meanings = {variable.name: variable.meaning for variable in configuration.VARIABLES}
    for option, name in _OPTIONS.items():
        parser.add_argument(
            f"--{option.replace('_', '-')}",
            metavar="VALUE",
            help=f"{meanings[name]} (or {name})".replace("%", "%%"),
        )
    parser.add_argument(
        "--demo", action=argparse.BooleanOptionalAction, default=None, help=meanings["EMAILHUB_DEMO"]
    )
    parser.epilog = (
        "More settings, among them EMAILHUB_RELAY_PASSWORD, are read from the environment:"
        " see docs/configuration.md."
    )


def run(options: argparse.Namespace) -> int:
    _into_environment(options)
    configuration.refuse_bad_values()
    demo = read_switch("EMAILHUB_DEMO")
    if demo:
        _refuse_open_addresses()
    with kept_database() as database:
        for name in _PORTS:
            _refuse_taken_port(name)
        set_up()
        greeting = _prepare(demo)
        return Supervisor(_children(), database, _ports()).run(on_ready=lambda: print(greeting, flush=True))


def _into_environment(options: argparse.Namespace) -> None:
    """Options become variables, so that the children and later commands read one source."""
    for option, name in _OPTIONS.items():
        if (value := getattr(options, option)) is not None:
            os.environ[name] = value
    if options.demo is not None:
        os.environ["EMAILHUB_DEMO"] = "on" if options.demo else "off"


def _refuse_open_addresses() -> None:
    for name in ("EMAILHUB_HOST", "EMAILHUB_SMTP_HOST"):
        refuse_open_address(name)


def _refuse_taken_port(name: str) -> None:
    host, port = read(_PORTS[name]), read_number(name)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"cannot listen on {host} port {port}: {error.strerror}. Choose another with {name},"
                f" or another address with {_PORTS[name]}."
            ) from error


def _prepare(demo: bool) -> str:
    """Migrate, and see to the demo. Returns what to say when all is ready."""
    from django.db import connections

    from emailhub.accounts.models import Company
    from emailhub.cli.migrate import migrate

    migrate()
    holds_demo = Company.objects.filter(is_demo=True).exists()
    if demo and not holds_demo and Company.objects.exists():
        raise CommandError(
            "this data folder holds real companies: the demo is not mixed with them."
            " Choose another folder with EMAILHUB_DATA, or start without --demo."
        )
    logins = _demo(holds_demo) if demo or holds_demo else []
    greeting = _greeting(logins, is_empty=not Company.objects.exists())
    connections.close_all()  # the supervisor has nothing more to ask
    return greeting


def _demo(holds_demo: bool) -> list[Login]:
    """Fill the demo unless it is there. Returns its log-ins."""
    from emailhub.cli import demo

    _refuse_open_addresses()
    if not holds_demo:
        print("Filling the demo …", flush=True)
        demo.fill()
    return demo.logins()


def _children() -> list[Child]:
    children = [
        Child("web", ("web",)),
        *(Child(f"worker {n}", ("worker",)) for n in range(1, _workers() + 1)),
    ]
    if read_number("EMAILHUB_SMTP_PORT") or read_number("EMAILHUB_LMTP_PORT"):
        children.append(Child("smtpd", ("smtpd",)))
    return children


def _ports() -> list[tuple[str, int]]:
    """Where the children listen, as (host, port). Port 0 switches a listener off."""
    return [(read(host), read_number(port)) for port, host in _PORTS.items() if read_number(port)]


def _workers() -> int:
    return max(1, read_number("EMAILHUB_WORKERS"))


def _greeting(logins: list[Login], *, is_empty: bool) -> str:
    from django.conf import settings

    lines = [f"EmailHub is at {settings.URL}"]
    if read_number("EMAILHUB_SMTP_PORT"):
        lines.append(
            f"Mail comes in by SMTP at {read('EMAILHUB_SMTP_HOST')} port {read('EMAILHUB_SMTP_PORT')}"
        )
    lines += [f"  {name}: {email}  password {password}" for name, email, password in logins]
    if is_empty:
        lines += first_run_lines()
    if not logins and not read("EMAILHUB_RELAY_HOST"):
        lines.append("No relay is set (EMAILHUB_RELAY_HOST): outgoing mail waits in the outbox")
    lines += held_lines()
    return "\n".join(["", *lines, "Ctrl+C stops everything.", ""])
