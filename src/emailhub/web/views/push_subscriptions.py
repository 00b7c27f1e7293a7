"""/profile/push/: POST lets this browser be told what is new while no page is open, DELETE ends it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.desk.pushing import UnusableSubscriptionError, subscribe, unsubscribe

from ..notification_form import session_of
from ..requests import AdvisorRequest, intended_method


@require_http_methods(["POST", "DELETE"])
def push_subscription(request: AdvisorRequest) -> HttpResponse:
    if intended_method(request) == "DELETE":
        unsubscribe(request.advisor, session=session_of(request))
    else:
        _subscribe(request)
    return redirect(f"{reverse('profile')}#notifications")


def _subscribe(request: AdvisorRequest) -> None:
    names = ("endpoint", "key", "secret")
    try:
        subscribe(
            request.advisor,
            session=session_of(request),
            now=timezone.now(),
            **{name: request.POST.get(name, "") for name in names},
        )
    except UnusableSubscriptionError:
        messages.error(request, _("This browser cannot be told."))
    else:
        messages.success(request, _("This browser tells you what is new from now on"))
