"""/manage/company/: name, part of the addresses, language, time zone, logo; what managers may read."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from emailhub import store
from emailhub.accounts.company_settings import CompanySettings, change_company, set_logo
from emailhub.accounts.errors import AccountsError
from emailhub.accounts.models import Company, Language
from emailhub.hub.transliteration import slug
from emailhub.mail.pictures import raster_type

from ..downloads import send_stored
from ..manage import require_admin
from ..requests import AdvisorRequest, intended_method
from ..time_zones import zone_choices

_LOGO_LIMIT = 1_000_000  # octets


class CompanyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Company name"), max_length=200)
    slug = forms.CharField(label=gettext_lazy("In the addresses"), max_length=63)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=Language.choices,
        help_text=gettext_lazy(
            "Of invitations and automatic replies. Each person chooses their own for the pages."
        ),
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zone_choices)
    managers_read_all = forms.BooleanField(
        label=gettext_lazy("Managers read all teams' tickets"),
        required=False,
        help_text=gettext_lazy("They answer only in their own teams."),
    )

    def explain_slug(self, slug: str) -> None:
        self.fields["slug"].help_text = _(
            "New addresses are made as team.%(slug)s@%(mail_domain)s. After a change the addresses that there"
            " are stay as they are and keep receiving."
        ) % {"slug": slug, "mail_domain": settings.MAIL_DOMAIN}

    def clean_slug(self) -> str:
        return slug(self.cleaned_data["slug"])


@require_http_methods(["GET", "POST"])
def company(request: AdvisorRequest) -> HttpResponse:
    require_admin(request)
    current = request.advisor.company
    values = vars(CompanySettings.of(current)) if request.method == "GET" else None
    form = CompanyForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid() and _change(request, form):
        return redirect("manage_company")
    form.explain_slug(current.slug)
    context = {"form": form, "company": current}
    return render(request, "emailhub/manage/company.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST", "DELETE"])
def logo(request: AdvisorRequest) -> HttpResponse:
    """/manage/company/logo/: POST shows this picture in place of our mark; DELETE our mark again."""
    require_admin(request)
    if intended_method(request) == "DELETE":
        set_logo("", by=request.advisor, now=timezone.now())
        messages.success(request, _("Saved"))
        return redirect("manage_company")
    file = request.FILES.get("logo")
    content = file.read(_LOGO_LIMIT + 1) if file else b""
    if not raster_type(content[:16]) or len(content) > _LOGO_LIMIT:
        messages.error(request, _("Choose a PNG, JPEG, GIF or WebP picture of at most 1 MB."))
    else:
        key = store.put(request.advisor.company_id, content)
        set_logo(key, by=request.advisor, now=timezone.now())
        messages.success(request, _("Saved"))
    return redirect("manage_company")


@require_safe
def company_logo(request: AdvisorRequest) -> HttpResponseBase:
    """/company/logo/: the picture, for whoever works here."""
    firm: Company = request.advisor.company
    if not firm.logo_key:
        raise Http404
    with store.open_content(firm.pk, firm.logo_key) as file:
        content_type = raster_type(file.read(16))
    return send_stored(request, firm.pk, firm.logo_key, "logo", content_type, inline=True)


def _change(request: AdvisorRequest, form: CompanyForm) -> bool:
    try:
        change_company(CompanySettings(**form.cleaned_data), by=request.advisor, now=timezone.now())
    except AccountsError as error:
        form.add_error("slug", str(error))
        return False
    messages.success(request, _("Saved"))
    return True
