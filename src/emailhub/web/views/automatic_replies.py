"""/manage/teams/3/automatic-replies/: their words by language, how they will look, on and off."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.accounts.models import Language, Team
from emailhub.accounts.permissions import may_manage
from emailhub.hub.automatic_replies import Preview, preview, replies_of, set_automatic_reply
from emailhub.hub.errors import HubError
from emailhub.hub.identity import identity_of
from emailhub.rules import ReplyKind

from ..manage import managed_team, team_to_read
from ..policy import lets_write
from ..reply_form import KINDS, LanguageText, read_text, texts_of, typed_texts
from ..requests import AdvisorRequest


@lets_write
@require_http_methods(["GET", "POST"])
def automatic_reply(request: AdvisorRequest, team_id: int, kind: str) -> HttpResponse:
    """/…/automatic-replies/after_hours/: GET shows it, POST stores it."""
    wanted = _kind(kind)
    if request.method == "GET":
        team = _with_email(team_to_read(request, team_id))
        row = replies_of(team)[wanted]
        return _page(request, team, wanted, texts_of(team, row), enabled=row.enabled)
    team = _with_email(managed_team(request, team_id))
    enabled, now = "enabled" in request.POST, timezone.now()
    texts = {language: read_text(request.POST, language) for language in Language.values}
    try:
        set_automatic_reply(team, wanted, enabled=enabled, texts=texts, by=request.advisor, now=now)
    except HubError as error:
        typed = typed_texts(team, request.POST)
        return _page(request, team, wanted, typed, enabled=enabled, error=str(error), status=422)
    messages.success(request, _("Automatic reply saved"))
    return redirect("automatic_reply", team.id, kind)


@require_POST
def switch(request: AdvisorRequest, team_id: int, kind: str) -> HttpResponse:
    """/…/automatic-replies/after_hours/switch/: POST with `on` or without; the words stay."""
    team, wanted = _with_email(managed_team(request, team_id)), _kind(kind)
    enabled, texts = "on" in request.POST, replies_of(team)[wanted].texts
    try:
        set_automatic_reply(
            team, wanted, enabled=enabled, texts=texts, by=request.advisor, now=timezone.now()
        )
    except HubError as error:
        messages.error(request, str(error))
    else:
        said = _("The automatic reply is on") if enabled else _("The automatic reply is off")
        messages.success(request, said)
    return redirect("emailhub", team.id)


@require_POST
def preview_of(request: AdvisorRequest, team_id: int, kind: str) -> HttpResponse:
    """/…/automatic-replies/after_hours/preview/: POST shows what was typed as it would leave."""
    team, wanted = _with_email(managed_team(request, team_id)), _kind(kind)
    typed = typed_texts(team, request.POST)
    enabled = "enabled" in request.POST
    return _page(request, team, wanted, typed, enabled=enabled, post=request.POST)


def _page(
    request: AdvisorRequest,
    team: Team,
    kind: ReplyKind,
    texts: list[LanguageText],
    *,
    enabled: bool,
    error: str = "",
    post: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "team": team,
        "kind": kind,
        "words": KINDS[kind],
        "texts": texts,
        "enabled": enabled,
        "error": error,
        "previews": _previews(team, kind, post) if not error else [],
        "may_change": may_manage(request.advisor, team),
    }
    return render(request, "emailhub/hub/automatic_reply.html", context, status=status)


def _previews(team: Team, kind: ReplyKind, post: QueryDict | None) -> list[tuple[str, Preview | None, str]]:
    """How it looks in each language, or what is wrong with the words."""
    found: list[tuple[str, Preview | None, str]] = []
    for language in Language.values:
        typed = read_text(post, language) if post is not None else None
        try:
            shown = preview(team, kind, language, typed=typed, now=timezone.now())
            found.append((Language(language).label, shown, ""))
        except HubError as error:
            found.append((Language(language).label, None, str(error)))
    return found


def _kind(kind: str) -> ReplyKind:
    if kind not in set(ReplyKind):
        raise Http404
    return ReplyKind(kind)


def _with_email(team: Team) -> Team:
    """404 for a team that has no e-mail."""
    if identity_of(team) is None:
        raise Http404
    return team
