"""Who may play a customer: an advisor of the demo, on this machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from ..requests import AdvisorRequest

P = ParamSpec("P")


def demo_only(
    view: Callable[Concatenate[AdvisorRequest, P], HttpResponseBase],
) -> Callable[Concatenate[AdvisorRequest, P], HttpResponseBase]:
    """Decorate a view that real companies, and whoever comes over a network, must not find."""

    @wraps(view)
    def guarded(request: AdvisorRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not (request.advisor.company.is_demo and _is_local(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return cast(Callable[Concatenate[AdvisorRequest, P], HttpResponseBase], guarded)


def _is_local(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
