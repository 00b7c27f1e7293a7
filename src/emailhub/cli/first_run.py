"""What the server says while there is no company: where to make one, and the code for it."""

from __future__ import annotations


def first_run_lines() -> list[str]:
    """To print for whoever has started the server; nobody else must see them."""
    from django.conf import settings

    from emailhub.accounts.first_run import first_run_code

    return [
        f"There is no company yet. Make yours at {settings.URL}/first-run/ with the code {first_run_code()}",
        "or with `emailhub createcompany NAME --admin EMAIL`",
    ]


def announce_first_run() -> None:
    """Print them, if there is no company."""
    from emailhub.accounts import database
    from emailhub.hub.found_company import is_first_run

    if database.is_migrated() and is_first_run():
        print("\n".join(first_run_lines()), flush=True)
