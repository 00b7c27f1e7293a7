"""What the forms and addresses of the contacts' pages say."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from emailhub.desk.contacts import Card
from emailhub.desk.directory import Selection
from emailhub.desk.models import Contact, ContactImport, Segment
from emailhub.desk.permissions import may_edit_contacts, may_manage_contacts

from .requests import AdvisorRequest


def card_from(form: QueryDict) -> Card:
    """The card as posted. The small form beside a ticket does not ask for everything."""
    is_whole = "whole" in form
    return Card(
        name=form.get("name", ""),
        organisation=form.get("organisation"),
        account_number=form.get("account_number"),
        language=form.get("language"),
        emails=form.getlist("email"),
        phones=form.getlist("phone"),
        primary_email=form.get("primary_email", ""),
        primary_phone=form.get("primary_phone", ""),
        shared_sender=form.get("shared_sender") == "1" if is_whole else None,
        segment_ids=_numbers(form.getlist("segment")) if is_whole else None,
    )


def selection_from(query: Mapping[str, str]) -> Selection:
    """Which contacts the address names; what it says wrongly is left out."""
    segment = query.get("segment", "")
    return Selection(
        words=" ".join(query.get("q", "").split())[:200],
        segment_id=int(segment) if _is_number(segment) else None,
        unconfirmed=query.get("unconfirmed") == "1",
    )


def query_of(selection: Selection) -> str:
    """The other way round."""
    query = QueryDict(mutable=True)
    if selection.words:
        query["q"] = selection.words
    if selection.segment_id:
        query["segment"] = str(selection.segment_id)
    if selection.unconfirmed:
        query["unconfirmed"] = "1"
    return query.urlencode()


def visible_contact(request: AdvisorRequest, contact_id: int, *, locked: bool = False) -> Contact:
    """The contact, or 404 where it is another company's; `locked` to change it."""
    contacts = Contact.objects.visible_to(request.advisor)
    if locked:
        contacts = contacts.select_for_update(of=("self",))
    found: Contact = get_object_or_404(contacts.prefetch_related("segments"), pk=contact_id)
    return found


def editable_contact(request: AdvisorRequest, contact_id: int) -> Contact:
    """The contact, locked for a change: 403 to who may only read, 404 where it was erased."""
    found = visible_contact(request, contact_id, locked=True)
    require(may_edit_contacts(request.advisor))
    if found.erased_at:
        raise Http404
    return found


def managed_contact(request: AdvisorRequest, contact_id: int) -> Contact:
    """The contact, locked to hand out or erase: 403 to who manages nothing."""
    found = editable_contact(request, contact_id)
    require(may_manage_contacts(request.advisor))
    return found


def segment_named(request: AdvisorRequest, segment_id: int | str) -> Segment:
    """A segment of the advisor's company, or 404."""
    if not _is_number(str(segment_id)):
        raise Http404
    segments = Segment.objects.filter(company_id=request.advisor.company_id)
    found: Segment = get_object_or_404(segments, pk=segment_id)
    return found


def managed_import(request: AdvisorRequest, import_id: int) -> ContactImport:
    """An import of the advisor's company, or 404; 403 to who manages nothing."""
    imports = ContactImport.objects.filter(company_id=request.advisor.company_id)
    found: ContactImport = get_object_or_404(imports.select_related("segment", "by__user"), pk=import_id)
    require(may_manage_contacts(request.advisor))
    return found


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def numbers_of(form: QueryDict, name: str) -> list[int]:
    """The ids that a form repeats under one name."""
    return _numbers(form.getlist(name))


def _numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values if _is_number(value)]


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 19
