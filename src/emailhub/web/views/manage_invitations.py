"""/manage/invitations/: invite one person or many, send again, withdraw."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.accounts.errors import AccountsError
from emailhub.accounts.invitation_rows import LIMIT, Row, read_rows
from emailhub.accounts.invitations import invitations_for, invite, send_again, withdraw
from emailhub.accounts.models import Advisor, Role
from emailhub.accounts.permissions import manageable_teams

from ..manage import require_manager
from ..requests import AdvisorRequest

_FILE_LIMIT = 200_000  # octets


class InvitationForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Email"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, by: Advisor, posted: QueryDict | None) -> None:
        super().__init__(posted)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [choice for choice in Role.choices if by.is_admin or choice[0] != Role.ADMIN]
        self.fields["role"].initial = Role.ADVISOR


@require_http_methods(["GET", "POST"])
def invitations(request: AdvisorRequest) -> HttpResponse:
    require_manager(request)
    form = InvitationForm(request.advisor, request.POST or None)
    if request.method == "POST" and form.is_valid() and _invite(request, form):
        return redirect("manage_invitations")
    context = {
        "form": form,
        "invitations": invitations_for(request.advisor),
        "now": timezone.now(),
        **_team_choice(request),
    }
    return render(request, "emailhub/manage/invitations.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def bulk(request: AdvisorRequest) -> HttpResponse:
    """/manage/invitations/bulk/: POST shows what would be sent; with `confirmed` it is sent."""
    require_manager(request)
    text = _posted_list(request)
    if request.method == "GET" or not text.strip():
        status = 200 if request.method == "GET" else 422
        context = {"empty": status == 422, **_team_choice(request)}
        return render(request, "emailhub/manage/bulk_invitations.html", context, status=status)
    rows = read_rows(text, teams=_chosen_teams(request), by=request.advisor)
    good = [row for row in rows if not row.error]
    if "confirmed" in request.POST and good and len(rows) <= LIMIT:
        _invite_all(request, good)
        return redirect("manage_invitations")
    context = {
        "text": text,
        "rows": _shown(rows, request.advisor),
        "good_count": len(good),
        "bad_count": len(rows) - len(good),
        "limit": LIMIT if len(rows) > LIMIT else None,
        **_team_choice(request),
    }
    return render(request, "emailhub/manage/bulk_invitations.html", context)


@require_http_methods(["POST", "DELETE"])
def invitation(request: AdvisorRequest, invitation_id: int) -> HttpResponse:
    """/manage/invitations/5/: DELETE withdraws it."""
    require_manager(request)
    found = get_object_or_404(invitations_for(request.advisor), pk=invitation_id)
    withdraw(found, by=request.advisor, now=timezone.now())
    messages.success(request, _("The invitation of %(email)s is withdrawn") % {"email": found.email})
    return redirect("manage_invitations")


@require_POST
def sendings(request: AdvisorRequest, invitation_id: int) -> HttpResponse:
    """/manage/invitations/5/sendings/: POST sends it again, with a link that replaces the former one."""
    require_manager(request)
    found = get_object_or_404(invitations_for(request.advisor), pk=invitation_id)
    send_again(found, by=request.advisor, now=timezone.now())
    messages.success(request, _("Sent again to %(email)s") % {"email": found.email})
    return redirect("manage_invitations")


def _invite(request: AdvisorRequest, form: InvitationForm) -> bool:
    given = form.cleaned_data
    try:
        invite(
            given["email"],
            name=given["name"],
            role=Role(given["role"]),
            teams=_chosen_teams(request),
            by=request.advisor,
            now=timezone.now(),
        )
    except AccountsError as error:
        form.add_error("email", str(error))
        return False
    messages.success(request, _("Invited: %(email)s") % {"email": given["email"]})
    return True


def _invite_all(request: AdvisorRequest, rows: Sequence[Row]) -> None:
    with transaction.atomic():
        for row in rows:
            invite(
                row.email,
                name=row.name,
                role=row.role,
                teams=row.teams,
                by=request.advisor,
                now=timezone.now(),
            )
    text = ngettext("%(count)d person has been invited", "%(count)d people have been invited", len(rows))
    messages.success(request, text % {"count": len(rows)})


def _chosen_teams(request: AdvisorRequest) -> dict[int, bool]:
    """The teams that are ticked in the form, and whether as a manager."""
    ticked, managed = set(request.POST.getlist("team")), set(request.POST.getlist("manager"))
    return {
        team.pk: str(team.pk) in managed
        for team in manageable_teams(request.advisor)
        if str(team.pk) in ticked | managed
    }


def _team_choice(request: AdvisorRequest) -> dict[str, object]:
    teams = manageable_teams(request.advisor)
    chosen = _chosen_teams(request) if request.method == "POST" else {}
    if request.method == "GET":
        wanted = request.GET.get("team", "")
        chosen = {team.pk: False for team in teams if str(team.pk) == wanted or len(teams) == 1}
    return {"teams": teams, "chosen": chosen, "managing": [pk for pk, manages in chosen.items() if manages]}


def _posted_list(request: AdvisorRequest) -> str:
    """The text of the field, or of the file if there is one; as spreadsheets write it, in either encoding."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("list", "")[:_FILE_LIMIT]
    content: bytes = file.read(_FILE_LIMIT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _shown(rows: Sequence[Row], by: Advisor) -> list[tuple[Row, str, str]]:
    """Each row with the label of its role and the names of its teams."""
    names = {team.pk: team.name for team in manageable_teams(by)}
    return [
        (
            row,
            str(Role(row.role).label),
            ", ".join(
                _("%(team)s (manager)") % {"team": names[pk]} if manages else names[pk]
                for pk, manages in row.teams.items()
            ),
        )
        for row in rows
    ]
