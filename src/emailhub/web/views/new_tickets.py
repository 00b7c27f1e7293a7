"""/tickets/new/: an advisor opens a ticket to a contact, with its first e-mail."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from emailhub.accounts.models import Team
from emailhub.desk.answer import Answer
from emailhub.desk.contacts import contact_with
from emailhub.desk.errors import DeskError, NoRecipientError, NoSuchSenderError
from emailhub.desk.models import Activity, Contact
from emailhub.desk.open_ticket import open_ticket
from emailhub.desk.reply import reply
from emailhub.desk.sent_forms import made_by

from ..composing import new_composer
from ..plain_uploads import keep_files
from ..policy import lets_write
from ..posted import read_answer
from ..requests import AdvisorRequest, wants_fragment
from .replies import sent_words


@lets_write
@require_http_methods(["GET", "POST"])
def new_ticket(request: AdvisorRequest) -> HttpResponse:
    teams = _teams(request)
    if not teams:
        raise PermissionDenied
    if request.method == "GET":
        return _form(request, teams)
    answer = read_answer(request.POST, keep_files(request))
    try:
        with transaction.atomic():
            activity = _open(request, teams, answer)
    except DeskError as error:
        return _refused(request, teams, error)
    url = f"/tickets/{activity.ticket.number}/"
    if wants_fragment(request):
        return JsonResponse({**sent_words(activity), "url": url}, status=201)
    return redirect(url)


def _open(request: AdvisorRequest, teams: list[Team], answer: Answer) -> Activity:
    """The ticket and its first mail, or neither. The customer is the first person in To."""
    if not answer.to:
        raise NoRecipientError
    if done := made_by(answer.key):  # before a ticket is opened that would stay empty
        return done
    now = timezone.now()
    team = _chosen(teams, request.POST.get("team", ""))
    customer = contact_with(request.advisor.company, answer.to[0], now=now)
    ticket = open_ticket(team=team, contact=customer, subject=answer.subject, by=request.advisor, now=now)
    return reply(ticket, replace(answer, seen=0, answers=None, quote=False), by=request.advisor, now=now)


def _chosen(teams: list[Team], posted: str) -> Team:
    """The team of the form; the default one where it offers no choice. Raises NoSuchSenderError."""
    if not posted:
        return teams[0]
    team = next((team for team in teams if str(team.pk) == posted), None)
    if team is None:  # left meanwhile: the mail must not go out under another team's name
        raise NoSuchSenderError
    return team


def _teams(request: AdvisorRequest) -> list[Team]:
    """The teams that the advisor can write for, their default one first."""
    able = Team.objects.filter(
        pk__in=request.advisor.writable_team_ids(), identity__enabled=True, hub_addresses__is_sender=True
    )
    return sorted(able, key=lambda team: (team.pk != request.advisor.default_team_id, team.name))


def _refused(request: AdvisorRequest, teams: list[Team], error: DeskError) -> HttpResponse:
    if wants_fragment(request):
        return render(request, "emailhub/composer/_send_notice.html", {"error": error}, status=422)
    return _form(request, teams, error)


def _form(request: AdvisorRequest, teams: list[Team], error: DeskError | None = None) -> HttpResponse:
    chosen = request.GET.get("contact", "")
    contact = (
        Contact.objects.visible_to(request.advisor).filter(pk=int(chosen)).first()
        if chosen.isdecimal()
        else None
    )
    context = {
        "teams": teams,
        "composer": new_composer(request.advisor, contact, teams),
        "error": error,
        "posted": request.POST if error else None,
    }
    return render(request, "emailhub/new_ticket/page.html", context, status=422 if error else 200)
