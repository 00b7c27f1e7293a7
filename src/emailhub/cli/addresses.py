"""`emailhub addresses`: every address that mail is taken in for, a line of JSON each."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from emailhub.cli.environment import with_data
from emailhub.cli.lines import print_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: all companies' addresses are listed."""


def run(options: argparse.Namespace) -> int:
    with with_data():
        for line in _lines():
            print_line(line)
    return 0


def _lines() -> Iterator[dict[str, object]]:
    from emailhub.accounts.models import Company
    from emailhub.accounts.tenancy import company
    from emailhub.hub.models import HubAddress

    for firm in Company.objects.order_by("slug"):
        with company(firm.pk):
            addresses = list(HubAddress.objects.select_related("team").order_by("team__name", "address"))
        for address in addresses:
            yield {
                "company": firm.name,
                "team": address.team.name,
                "address": address.address,
                "kind": address.kind,
                "sender": address.is_sender,
            }
