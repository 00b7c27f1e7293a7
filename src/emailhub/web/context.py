"""What every page's template has at hand."""

from __future__ import annotations

from django.http import HttpRequest

from .words import script_words


def page(request: HttpRequest) -> dict[str, object]:
    """The advisor, if the page is inside a company, and what the scripts say."""
    return {"advisor": getattr(request, "advisor", None), "script_words": script_words}
