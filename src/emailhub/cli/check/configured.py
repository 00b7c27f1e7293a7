"""The settings: are they fit for real mail?"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import WARNING, run_checks

from emailhub.accounts.models import Company
from emailhub.cli.check.finding import Finding, failed, ok, warning
from emailhub.cli.loopback import LOOPBACK
from emailhub.configuration import read

_CHECK = "configuration"


def look() -> Iterator[Finding]:
    found = [*_system_checks(), *_advice()]
    yield from found or [ok(_CHECK, "every setting can be used")]


def _system_checks() -> Iterator[Finding]:
    for message in run_checks():
        if message.level >= WARNING:
            say = failed if message.is_serious() else warning
            yield say(_CHECK, f"{message.id}: {message.msg}")


def _advice() -> Iterator[Finding]:
    """What works in a demo and not with real mail."""
    if not Company.objects.filter(is_demo=False).exists():
        return
    if settings.DEBUG:
        yield failed(_CHECK, "EMAILHUB_DEBUG is on: its error pages show customers' mail to anybody")
    if settings.MAIL_DOMAIN.endswith(".example"):
        yield warning(_CHECK, "EMAILHUB_MAIL_DOMAIN is an example: no mail from outside can reach it")
    if not settings.SECURE and read("EMAILHUB_HOST") not in LOOPBACK:
        yield warning(_CHECK, "EMAILHUB_URL is not https: passwords cross the network in clear")
