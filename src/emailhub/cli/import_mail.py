"""`emailhub import-mail`: the mails of an old mailbox as history, closed and without telling anybody."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emailhub.cli.environment import with_data
from emailhub.cli.errors import REFUSED, CommandError
from emailhub.cli.lines import print_line
from emailhub.cli.mailboxes import Place, find_places

if TYPE_CHECKING:
    from emailhub.intake.past import Mailroom


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="an mbox, a mail (.eml), or a folder of them or a Maildir"
    )
    parser.add_argument("--to", required=True, metavar="ADDRESS", help="an address of the team that had them")
    parser.add_argument(
        "--ours",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="what was sent from this address was sent by the team; may be given again."
        " The company's EmailHub addresses are known",
    )
    parser.add_argument("--open", action="store_true", help="leave the new tickets open, to be worked on")


def run(options: argparse.Namespace) -> int:
    """Print a line for each mail, oldest first. Returns 1 if one of them could not be read."""
    with with_data():
        room = _room(options)
        failed = False
        for line in _take_in(find_places(options.paths), room):
            print_line(line)
            failed = failed or "error" in line
    return REFUSED if failed else 0


def _room(options: argparse.Namespace) -> Mailroom:
    from emailhub import mail
    from emailhub.accounts.models import Team
    from emailhub.accounts.tenancy import company
    from emailhub.cli.envelope import routes_to
    from emailhub.intake.past import Mailroom

    (route,) = routes_to([options.to])
    if route.company_id is None or route.team_id is None:
        raise CommandError(f"{options.to} is no address of a team")
    with company(route.company_id):
        team = Team.objects.select_related("company").get(pk=route.team_id)
    ours = frozenset(mail.normal_address(address) for address in options.ours)
    if "" in ours:
        raise CommandError("--ours: one of these is no e-mail address")
    return Mailroom(team, route.address, ours, stays_open=options.open)


def _take_in(places: list[Place], room: Mailroom) -> Iterator[dict[str, object]]:
    from emailhub.intake.past import take_in_past
    from emailhub.intake.reading import UnreadableError

    for place in places:
        line: dict[str, object] = {"file": str(place.path), "number": place.number}
        try:
            filed = take_in_past(place.content(), room, now=datetime.now(UTC))
        except (UnreadableError, OSError) as error:
            yield {**line, "error": str(error)}
        else:
            yield {**line, "outcome": "filed" if filed.is_new else "was there", "ticket": filed.ticket}
