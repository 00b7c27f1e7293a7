"""What every page's template has at hand."""

from __future__ import annotations

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    return {"advisor": getattr(request, "advisor", None)}
