"""What every page's template has at hand."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest

from .connection_list import standstills
from .words import script_words


def page(request: HttpRequest) -> dict[str, object]:
    """The advisor, if the page is inside a company, what holds outgoing mail, and what the scripts say."""
    advisor = getattr(request, "advisor", None)
    restored_to = getattr(advisor, "restored_to", None)
    return {
        "advisor": advisor,
        "restored_to": restored_to,
        "script_words": script_words,
        "standstills": partial(standstills, advisor) if advisor else (),  # asked for by whole pages alone
    }
