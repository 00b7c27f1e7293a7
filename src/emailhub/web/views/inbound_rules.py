"""/manage/teams/3/rules/: a team's inbound rules, their order, and one in the editor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emailhub.accounts.models import Team
from emailhub.hub.models import InboundRule
from emailhub.hub.rule_errors import RuleError
from emailhub.hub.rules import create_rule, delete_rule, edit_rule, form_of, move_rule

from ..deleted_rules import forget_deleted, keep_deleted
from ..manage import managed_team, team_to_read
from ..requests import AdvisorRequest, intended_method
from ..rule_form import Typed, read_typed, with_change
from ..rules_page import Editor, build_editor, build_rules_page


@require_safe
def rules(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """All rules, the uppermost first; nothing in the editor."""
    return _page(request, team_to_read(request, team_id), None)


@require_http_methods(["GET", "POST"])
def new_rule(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/rules/new/: GET opens an empty editor, POST puts the rule on top."""
    team = managed_team(request, team_id)
    if request.method == "GET":
        return _page(request, team, build_editor(team, None))
    typed = read_typed(request.POST)
    try:
        made = create_rule(team, typed.form, by=request.advisor, now=timezone.now())
    except RuleError as error:
        return _refused(request, team, None, typed, error)
    messages.success(request, _("Rule saved. It is on top: it is read first"))
    return redirect("rule", team.id, made.pk)


@require_http_methods(["GET", "POST", "DELETE"])
def rule(request: AdvisorRequest, team_id: int, rule_id: int) -> HttpResponse:
    """/…/rules/9/: GET opens it in the editor, POST stores it, DELETE removes it (it can be undone)."""
    team = team_to_read(request, team_id) if request.method == "GET" else managed_team(request, team_id)
    row = _rule(team, rule_id)
    if request.method == "GET":
        return _page(request, team, build_editor(team, row))
    if intended_method(request) == "DELETE":
        return _delete(request, team, row)
    typed = read_typed(request.POST)
    try:
        edit_rule(row, typed.form, by=request.advisor, now=timezone.now())
    except RuleError as error:
        return _refused(request, team, row, typed, error)
    messages.success(request, _("Rule saved"))
    return redirect("rule", team.id, row.pk)


@require_POST
def editor(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/rules/editor/: POST gives back what was typed with a condition more or less. Nothing is stored."""
    team = managed_team(request, team_id)
    row = find_rule(team, request.POST.get("rule", ""))
    typed = with_change(read_typed(request.POST), request.POST)
    return _page(request, team, build_editor(team, row, typed))


@require_POST
def position(request: AdvisorRequest, team_id: int, rule_id: int) -> HttpResponse:
    """/…/rules/9/position/: POST moves it `to` a place, 0 being the top."""
    team = managed_team(request, team_id)
    row = _rule(team, rule_id)
    asked = request.POST.get("to", "")
    to = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    move_rule(row, to, by=request.advisor, now=timezone.now())
    words = {"rule": row.name, "place": row.position + 1}
    messages.success(request, _("“%(rule)s” is number %(place)s now") % words)
    return redirect("rules", team.id)


@require_POST
def restored(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/rules/restored/: POST brings back the rule that this advisor deleted last, to its place."""
    team = managed_team(request, team_id)
    kept = forget_deleted(request, team)
    if kept is None:
        messages.error(request, _("There is nothing to bring back"))
        return redirect("rules", team.id)
    try:
        made = create_rule(team, kept.form, by=request.advisor, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("rules", team.id)
    move_rule(made, kept.position, by=request.advisor, now=timezone.now())
    messages.success(request, _("The rule is back"))
    return redirect("rule", team.id, made.pk)


def find_rule(team: Team, asked: str) -> InboundRule | None:
    """The rule that a form names, or None where it names none. Another team's does not exist."""
    return _rule(team, int(asked)) if asked.isdecimal() and len(asked) < 19 else None


def _rule(team: Team, rule_id: int) -> InboundRule:
    rows = InboundRule.objects.filter(team=team).select_related(
        "team__company", "to_team", "to_advisor__user"
    )
    return get_object_or_404(rows, pk=rule_id)


def _delete(request: AdvisorRequest, team: Team, row: InboundRule) -> HttpResponse:
    keep_deleted(request, row, form_of(row))
    delete_rule(row, by=request.advisor, now=timezone.now())
    messages.success(
        request, _("Rule deleted"), extra_tags=f"undo {reverse('rules_restored', args=[team.id])}"
    )
    return redirect("rules", team.id)


def _refused(
    request: AdvisorRequest, team: Team, row: InboundRule | None, typed: Typed, error: RuleError
) -> HttpResponse:
    return _page(request, team, build_editor(team, row, typed, str(error)), status=422)


def _page(request: AdvisorRequest, team: Team, editor: Editor | None, *, status: int = 200) -> HttpResponse:
    page = build_rules_page(team, request.advisor, editor)
    context = {"team": team, "page": page, "editor": editor, "now": timezone.now()}
    return render(request, "emailhub/rules/page.html", context, status=status)
