"""/manage/teams/3/emailhub/microsoft-365/: one's way to Microsoft and back, and what each step does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emailhub.accounts.models import Team
from emailhub.delivery.connection_work import Trouble
from emailhub.delivery.models import Connection
from emailhub.hub.errors import HubError
from emailhub.hub.microsoft import connection_of

from ..manage import managed_team, team_to_read
from ..requests import AdvisorRequest
from .link import Link
from .page import build_page, return_uri, words_of

_KEPT = "microsoft_365"  # in the session: whose sign-in is under way, and MSAL's flow with the verifier
_MODES = ("application", "person")


@require_safe
def guide(request: AdvisorRequest, team_id: int, *, link: Link) -> HttpResponse:
    """How far it is."""
    return _page(request, team_to_read(request, team_id), link)


@require_POST
def sign_in(request: AdvisorRequest, team_id: int, *, link: Link) -> HttpResponse:
    """/…/sign-in/: POST with a `mode` leads to Microsoft."""
    team, mode = managed_team(request, team_id), request.POST.get("mode", "")
    if mode not in _MODES:
        return redirect("hub_microsoft", team.pk)
    flow = link.begin_sign_in(mode, redirect_uri=return_uri())
    if isinstance(flow, Trouble):
        return _page(request, team, link, trouble=flow)
    request.session[_KEPT] = {"team": team.pk, "mode": mode, "flow": flow}
    return _leave(request, str(flow["auth_uri"]))


@require_safe
def come_back(request: AdvisorRequest, *, link: Link) -> HttpResponse:
    """/manage/microsoft-365/return/: where Microsoft leads the browser, after a sign-in or a consent.

    A sign-in is finished once, in the session that began it, for the team that it was begun for.
    """
    kept: dict[str, Any] | None = request.session.pop(_KEPT, None)
    if kept is None:
        return redirect("manage")
    team = managed_team(request, int(kept["team"]))
    if "admin_consent" in request.GET or "flow" not in kept:
        return redirect("hub_microsoft", team.pk)
    answer = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    trouble = link.finish_sign_in(
        team, kept["mode"], kept["flow"], answer, by=request.advisor, now=timezone.now()
    )
    if trouble:
        return _page(request, team, link, trouble=trouble)
    messages.success(request, _("You are signed in at Microsoft"))
    return redirect("hub_microsoft", team.pk)


Step = Callable[[AdvisorRequest, Team, Connection, Link], HttpResponse]
View = Callable[..., HttpResponse]


def step(*, needs_mailbox: bool = False) -> Callable[[Step], View]:
    """Decorate what POST to a step does. Before its turn it leads back to the guide."""

    def decorate(does: Step) -> View:
        @require_POST
        @wraps(does)
        def view(request: AdvisorRequest, team_id: int, *, link: Link) -> HttpResponse:
            team = managed_team(request, team_id)
            connection = connection_of(team)
            if connection is None or (needs_mailbox and not connection.name):
                return redirect("hub_microsoft", team.pk)
            return does(request, team, connection, link)

        return view

    return decorate


@step()
def consent(request: AdvisorRequest, team: Team, connection: Connection, link: Link) -> HttpResponse:
    """/…/consent/: POST looks whether an administrator has agreed."""
    trouble = link.check_consent(connection, now=timezone.now())
    return _done(request, team, link, trouble, _("The administrator has agreed"))


@step()
def mailbox(request: AdvisorRequest, team: Team, connection: Connection, link: Link) -> HttpResponse:
    """/…/mailbox/: POST with an `address` tries to read it, and makes it the team's."""
    typed = request.POST.get("address", "")
    try:
        trouble = link.choose_mailbox(connection, typed, by=request.advisor, now=timezone.now())
    except HubError as error:
        return _page(request, team, link, refused=str(error), typed=typed)
    if trouble:
        return _page(request, team, link, trouble=trouble, typed=typed)
    return _done(request, team, link, None, _("Mail comes in from now on"))


@step()
def restriction(request: AdvisorRequest, team: Team, connection: Connection, link: Link) -> HttpResponse:
    """/…/restriction/: POST with the `address` of another mailbox, which must be out of reach."""
    trouble = link.check_restriction(connection, request.POST.get("address", ""), now=timezone.now())
    return _done(request, team, link, trouble, _("Only this mailbox can be reached"))


@step(needs_mailbox=True)
def test(request: AdvisorRequest, team: Team, connection: Connection, link: Link) -> HttpResponse:
    """/…/test/: POST sends a mail to whoever asks."""
    link.send_test(connection, by=request.advisor, now=timezone.now())
    said = _("A test to %(address)s is on its way") % {"address": request.advisor.user.email}
    return _done(request, team, link, None, said)


@step(needs_mailbox=True)
def sender(request: AdvisorRequest, team: Team, connection: Connection, link: Link) -> HttpResponse:
    """/…/sender/: POST lets the team's mail leave by the mailbox."""
    try:
        row = link.use_as_sender(connection, by=request.advisor, now=timezone.now())
    except HubError as error:
        return _page(request, team, link, refused=str(error))
    said = _("Mail leaves with %(address)s from now on") % {"address": row.address}
    return _done(request, team, link, None, said)


@step()
def after(request: AdvisorRequest, team: Team, connection: Connection, link: Link) -> HttpResponse:
    """/…/after/: POST with `after` says what is done over there with mail that was taken in."""
    link.set_after(connection, request.POST.get("after", ""), by=request.advisor)
    return _done(request, team, link, None, _("Saved"))


def _done(
    request: AdvisorRequest, team: Team, link: Link, trouble: Trouble | None, said: str
) -> HttpResponse:
    if trouble:
        return _page(request, team, link, trouble=trouble)
    messages.success(request, said)
    return redirect("hub_microsoft", team.pk)


def _leave(request: AdvisorRequest, elsewhere: str) -> HttpResponse:
    """By a page of ours, since our policy lets no form of ours end elsewhere."""
    if not elsewhere.startswith("https://"):
        raise PermissionDenied
    page = render(request, "socialaccount/leaving.html", {"url": elsewhere})
    page["Refresh"] = f"0; url={elsewhere}"
    return page


def _page(
    request: AdvisorRequest,
    team: Team,
    link: Link,
    *,
    refused: str = "",
    trouble: Trouble | None = None,
    typed: str = "",
) -> HttpResponse:
    context = {
        "team": team,
        "page": build_page(team, request.advisor, link),
        "refused": refused,
        "trouble": words_of(trouble) if trouble else None,
        "typed": typed,
        "return_uri": return_uri(),
        "now": timezone.now(),
    }
    status = 422 if refused or trouble else 200
    return render(request, "emailhub/microsoft/page.html", context, status=status)
