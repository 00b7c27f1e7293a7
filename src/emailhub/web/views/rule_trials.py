"""/manage/teams/3/rules/bench/ and /…/dry-run/: what rules would do, before they do anything."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.hub.rule_errors import RuleError

from ..bench_page import BenchForm, answer_about, offered_mails
from ..dry_run_page import build_dry_run
from ..manage import managed_team, team_to_read
from ..requests import AdvisorRequest
from ..rule_form import read_typed
from ..rules_page import build_editor, build_rules_page
from .inbound_rules import find_rule


@require_http_methods(["GET", "POST"])
def bench(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/rules/bench/: GET offers mails, POST says what would become of one. Nothing is changed."""
    team = team_to_read(request, team_id)
    asked = request.POST if request.method == "POST" else request.GET
    form = BenchForm(asked or None) if "sender" in asked else BenchForm()
    answer = None
    if request.method == "POST":
        answer = answer_about(team, form, asked, request.FILES.get("file"), now=timezone.now())
    words = asked.get("q", "")
    context = {
        "team": team,
        "form": form,
        "words": words,
        "mails": offered_mails(team, words),
        "answer": answer,
        "now": timezone.now(),
    }
    return render(request, "emailhub/rules/bench.html", context)


@require_POST
def dry_run(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/rules/dry-run/: POST says what the rule in the editor would have done. Nothing is stored."""
    team, now = managed_team(request, team_id), timezone.now()
    typed = read_typed(request.POST)
    rule = find_rule(team, request.POST.get("rule", ""))
    context: dict[str, object] = {"team": team, "now": now}
    status = 200
    try:
        context["dry_run"] = build_dry_run(team, typed.form, rule, by=request.advisor, now=now)
    except RuleError as error:
        context["dry_run_error"], status = str(error), 422
    editor = build_editor(team, rule, typed)
    context |= {"editor": editor, "page": build_rules_page(team, request.advisor, editor)}
    return render(request, "emailhub/rules/page.html", context, status=status)
