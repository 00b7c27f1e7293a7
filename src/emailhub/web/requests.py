"""What a view of a signed-in page is given."""

from __future__ import annotations

from django.http import HttpRequest

from emailhub.accounts.models import Advisor


class AdvisorRequest(HttpRequest):
    """A request inside a company: CompanyMiddleware has put the advisor on it."""

    advisor: Advisor


def intended_method(request: HttpRequest) -> str:
    """The method that a form means: HTML forms know only GET and POST, so `_method` may say DELETE."""
    if request.method == "POST" and request.POST.get("_method") == "DELETE":
        return "DELETE"
    return request.method or "GET"


def wants_fragment(request: HttpRequest) -> bool:
    """Whether a script asks for a piece of a page and not for the page."""
    return request.headers.get("HX-Request") == "true"
