"""/manage/teams/3/emailhub/set-up/: the guide to a team's e-mail, and what its steps do."""

from __future__ import annotations

from dataclasses import fields

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emailhub.accounts.models import Team
from emailhub.hub.errors import HubError
from emailhub.hub.models import OwnAddress
from emailhub.hub.own_addresses import choose_provider, name_address, own_address_of
from emailhub.hub.own_server import ServerForm, send_by_server, use_own_server, use_server
from emailhub.hub.probes import generated_address_of, send_probe
from emailhub.hub.sending_domains import change_key, domain_of, look_now, send_by_dns, use_dns

from ..it_instructions import instructions_for
from ..manage import managed_team, team_to_read
from ..provider_steps import provider_label
from ..requests import AdvisorRequest
from ..set_up_page import build_set_up_page

_SERVER_FIELDS = tuple(each.name for each in fields(ServerForm))


@require_safe
def set_up(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """The whole guide; it asks for itself anew while something is under way."""
    return page_of(request, team_to_read(request, team_id))


@require_safe
def instructions(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/set-up/instructions/?language=es: what IT has to do, to print or to send."""
    team = team_to_read(request, team_id)
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE
    page = build_set_up_page(team, request.advisor, now=timezone.now())
    if page.generated is None:
        return redirect("hub_setup", team.id)
    with translation.override(language):  # the document's language, which need not be the reader's
        page = build_set_up_page(team, request.advisor, now=timezone.now())
        written = instructions_for(page, team)
        context = {
            "team": team,
            "instructions": written,
            "language": language,
            "languages": settings.LANGUAGES,
            "mail_link": written.as_mail(),
        }
        return render(request, "emailhub/set_up/instructions.html", context)


@require_POST
def own_address(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/set-up/address/: POST with an `address` begins with it, or goes on with it."""
    team = managed_team(request, team_id)
    typed = request.POST.get("address", "")
    try:
        name_address(team, typed, by=request.advisor, now=timezone.now())
    except HubError as error:
        return page_of(request, team, refused=str(error), typed=typed)
    return redirect("hub_setup", team.id)


@require_POST
def provider(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/set-up/provider/: POST with a `provider` shows how that one forwards."""
    team = managed_team(request, team_id)
    choose_provider(own_address_or_404(team), request.POST.get("provider", ""), by=request.advisor)
    return redirect("hub_setup", team.id)


@require_POST
def probes(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/set-up/probes/: POST sends a test to the company's address, with `generated` to EmailHub's own."""
    team = managed_team(request, team_id)
    address = _generated(team) if "generated" in request.POST else own_address_or_404(team).address
    try:
        send_probe(team, address, by=request.advisor, now=timezone.now())
    except HubError as error:
        return page_of(request, team, refused=str(error))
    messages.success(request, _("A test to %(address)s is on its way") % {"address": address})
    return redirect("hub_setup", team.id)


@require_POST
def server(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/set-up/server/: POST keeps the company's own mail server, and sends a test by it."""
    team = managed_team(request, team_id)
    own = own_address_or_404(team)
    form = ServerForm(**{name: request.POST.get(name, "") for name in _SERVER_FIELDS})
    try:
        use_server(own, form, by=request.advisor, now=timezone.now())
    except HubError as error:
        return page_of(request, team, refused=str(error), server=form)
    messages.success(
        request, _("A test to %(address)s is on its way") % {"address": request.advisor.user.email}
    )
    return redirect("hub_setup", team.id)


@require_POST
def sending(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/set-up/sending/: POST with a `way`, smtp or dns, goes on by it."""
    team = managed_team(request, team_id)
    own = own_address_or_404(team)
    verb = use_dns if request.POST.get("way") == "dns" else use_own_server
    try:
        verb(own, by=request.advisor, now=timezone.now())
    except HubError as error:
        return page_of(request, team, refused=str(error))
    return redirect("hub_setup", team.id)


@require_POST
def records(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/set-up/records/: POST has the DNS looked at now, with `new_key` after another key was made."""
    team = managed_team(request, team_id)
    own = own_address_or_404(team)
    domain = domain_of(own)
    if domain is None:
        raise Http404
    if "new_key" in request.POST:
        change_key(domain, own, by=request.advisor, now=timezone.now())
    look_now(domain, now=timezone.now())
    return redirect("hub_setup", team.id)


@require_POST
def own_sender(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/set-up/sender/: POST lets the team's mail leave with its own address."""
    team = managed_team(request, team_id)
    try:
        own = own_address_or_404(team)
        verb = send_by_dns if own.sending == OwnAddress.Sending.DNS else send_by_server
        row = verb(own, by=request.advisor, now=timezone.now())
    except HubError as error:
        return page_of(request, team, refused=str(error))
    messages.success(request, _("Mail leaves with %(address)s from now on") % {"address": row.address})
    return redirect("hub_setup", team.id)


def page_of(
    request: AdvisorRequest,
    team: Team,
    *,
    refused: str = "",
    typed: str = "",
    server: ServerForm | None = None,
) -> HttpResponse:
    """The guide; `refused` says why the last step was not done."""
    now = timezone.now()
    page = build_set_up_page(team, request.advisor, now=now)
    context = {"team": team, "page": page, "now": now, "refused": refused, "typed": typed}
    context |= {"providers": _providers(), "server": server or page.server}
    return render(request, "emailhub/set_up/page.html", context, status=422 if refused else 200)


def _providers() -> list[tuple[str, str]]:
    return [(value, provider_label(value)) for value in OwnAddress.Provider.values]


def own_address_or_404(team: Team) -> OwnAddress:
    own = own_address_of(team)
    if own is None:
        raise Http404
    own.team = team
    return own


def _generated(team: Team) -> str:
    row = generated_address_of(team)
    if row is None:
        raise Http404
    return row.address
