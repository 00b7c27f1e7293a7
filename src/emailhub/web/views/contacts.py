"""/contacts/: the list, one contact's page and its card beside a ticket, new ones made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emailhub.accounts.models import Language
from emailhub.desk import contacts as desk
from emailhub.desk.directory import count_all, page_of
from emailhub.desk.errors import DeskError
from emailhub.desk.merging import survivor_of
from emailhub.desk.models import Contact, ContactEmail, ContactPhone, Ticket
from emailhub.desk.permissions import may_edit_contacts
from emailhub.desk.segments import segments_of

from ..contact_forms import card_from, editable_contact, query_of, require, selection_from, visible_contact
from ..requests import AdvisorRequest, wants_fragment

_HISTORY = 30


@require_safe
def contacts(request: AdvisorRequest) -> HttpResponse:
    """A page of the list, filtered by words, by segment and to those who are not confirmed."""
    selection = selection_from(request.GET)
    context = {
        "selection": selection,
        "query": query_of(selection),
        "page": page_of(request.advisor, selection, request.GET.get("after", "")),
        "is_first": not request.GET.get("after"),
        "total": count_all(request.advisor) if selection.is_all else None,
        "segments": segments_of(request.advisor.company),
        "may_work": may_edit_contacts(request.advisor),
    }
    return render(request, "emailhub/contacts/list.html", context)


@require_http_methods(["GET", "POST"])
def new_contact(request: AdvisorRequest) -> HttpResponse:
    """/contacts/new/: a form; what it makes is a known contact."""
    require(may_edit_contacts(request.advisor))
    error = None
    if request.method == "POST":
        try:
            made = desk.new_contact(
                request.advisor.company, card_from(request.POST), by=request.advisor, now=timezone.now()
            )
            messages.success(request, _("Contact saved"))
            return redirect("contact", contact_id=made.pk)
        except DeskError as refused:
            error = refused
    context = {**_form_context(request, None, error), "segments": segments_of(request.advisor.company)}
    return render(request, "emailhub/contacts/new.html", context, status=_status(error))


@require_http_methods(["GET", "POST"])
def contact(request: AdvisorRequest, contact_id: int) -> HttpResponse:
    """/contacts/5/: the page, or for a script the card beside a ticket. POST saves either."""
    if request.method == "POST":
        return _save(request, editable_contact(request, contact_id))
    try:
        found = visible_contact(request, contact_id)
    except Http404:
        if survivor := survivor_of(request.advisor.company_id, contact_id):
            return redirect("contact", contact_id=survivor)
        raise
    return _show(request, found, None)


@require_POST
def confirmation(request: AdvisorRequest, contact_id: int) -> HttpResponse:
    """/contacts/5/confirmation/: POST makes somebody who only wrote to us a known contact."""
    found = editable_contact(request, contact_id)
    desk.confirm(found, now=timezone.now())
    desk.announce_change(found)
    return redirect("contact", contact_id=found.pk)


def _save(request: AdvisorRequest, found: Contact) -> HttpResponse:
    """Store what was posted, all of it or nothing."""
    error = None
    try:
        with transaction.atomic():
            desk.save_card(found, card_from(request.POST), by=request.advisor, now=timezone.now())
    except DeskError as refused:
        found.refresh_from_db()
        error = refused
    if error or wants_fragment(request):
        return _show(request, found, error)
    if request.POST.get("back"):
        return redirect(_back(request))
    messages.success(request, _("Contact saved"))
    return redirect("contact", contact_id=found.pk)


def _show(request: AdvisorRequest, found: Contact, error: DeskError | None) -> HttpResponse:
    if wants_fragment(request) or request.POST.get("back"):
        return _card(request, found, error)
    tickets = Ticket.objects.visible_to(request.advisor).filter(contact=found)
    context = {
        **_form_context(request, found, error),
        "page": tickets.select_related("team", "assignee__user").page(request.GET.get("after", ""), _HISTORY),
        "segments": segments_of(request.advisor.company),
        "now": timezone.now(),
    }
    return render(request, "emailhub/contacts/page.html", context, status=_status(error))


def _card(request: AdvisorRequest, found: Contact, error: DeskError | None) -> HttpResponse:
    """The card as it stands beside a ticket."""
    prefix = "tab-" if request.POST.get("prefix") == "tab-" else ""
    context = {**_form_context(request, found, error), "prefix": prefix}
    if error:
        emails, phones = request.POST.getlist("email"), request.POST.getlist("phone")
        context |= {"posted_emails": emails, "posted_phones": phones}
    return render(request, "emailhub/contact/_card.html", context, status=_status(error))


def _form_context(
    request: AdvisorRequest, found: Contact | None, error: DeskError | None
) -> dict[str, object]:
    return {
        "contact": found,
        "may_work": may_edit_contacts(request.advisor) and not (found and found.erased_at),
        "error": error,
        "posted": request.POST if error else None,
        "languages": Language.choices,
        "name": request.GET.get("name", ""),
        "address": request.GET.get("email", ""),
        "chosen": {segment.pk for segment in found.segments.all()} if found else set(),
        "emails": _lines(request, "email", error, found.emails.order_by("id") if found else ()),
        "phones": _lines(request, "phone", error, found.phones.order_by("id") if found else ()),
    }


def _lines(
    request: AdvisorRequest,
    kind: str,
    error: DeskError | None,
    ways: Iterable[ContactEmail | ContactPhone],
) -> list[tuple[str, bool]]:
    """Addresses or numbers as the form shows them, and which one is primary; refused ones as typed."""
    if error:
        primary = request.POST.get(f"primary_{kind}", "")
        return [(typed, typed == primary) for typed in request.POST.getlist(kind) if typed.strip()]
    return [(str(way), way.is_primary) for way in ways]


def _status(error: DeskError | None) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _back(request: AdvisorRequest) -> str:
    """Where the form stood, if that is a page of ours."""
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"
