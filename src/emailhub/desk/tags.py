"""Tags: labels for tickets, which all teams of a company share.

Who may write on a ticket tags it, also with a new tag; who manages anything names, colours and deletes them.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor, Company
from emailhub.accounts.permissions import may_manage_any, require

from .errors import DeskError, NoNameError
from .models import Activity, Tag, Ticket, TicketTag
from .permissions import require_work
from .queries import TicketQuerySet


class TagTakenError(DeskError):
    """The company has a tag of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return _("There is a tag “%(name)s” already.") % {"name": self.name}


def tags_of(company: Company) -> list[Tag]:
    """All of the company, by name."""
    return list(Tag.objects.filter(company=company).order_by("name", "pk"))


def counted_tags(company: Company) -> list[Tag]:
    """The same, each with the number of its tickets as `size`."""
    counted = Tag.objects.filter(company=company).annotate(size=Count("ticket_tags"))
    return list(counted.order_by("name", "pk"))


def with_tags(tickets: TicketQuerySet) -> TicketQuerySet:
    """Annotate `tag_rows`: the tags of each ticket by name, as mappings of id, name and tone."""
    rows = Tag.objects.filter(ticket_tags__ticket=OuterRef("pk")).order_by("name", "pk")
    values = rows.values(row=JSONObject(id="pk", name="name", tone="tone"))
    tagged: TicketQuerySet = tickets.annotate(tag_rows=ArraySubquery(values))
    return tagged


def create_tag(company: Company, name: str, tone: str, *, by: Advisor) -> Tag:
    """Raises NotPermittedError, NoNameError, TagTakenError."""
    require(may_manage_any(by))
    return _save(Tag(company=company), name, tone)


def change_tag(tag: Tag, name: str, tone: str, *, by: Advisor) -> None:
    """Name or colour it differently: what has it keeps it. Raises as create_tag() does."""
    require(may_manage_any(by))
    _save(tag, name, tone)


def delete_tag(tag: Tag, *, by: Advisor) -> None:
    """Take it away from all tickets. The tickets stay."""
    require(may_manage_any(by))
    tag.delete()


def add_tag(ticket: Ticket, tag: Tag, *, by: Advisor, now: datetime) -> bool:
    """Whether the ticket did not have it before. Raises NotAllowedError."""
    require_work(by, ticket)
    _row, is_new = TicketTag.objects.get_or_create(company_id=ticket.company_id, ticket=ticket, tag=tag)
    if is_new:
        ticket.record(Activity.Kind.TAGGED, by=by, at=now, detail={"added": tag.name})
    return is_new


def remove_tag(ticket: Ticket, tag: Tag, *, by: Advisor, now: datetime) -> bool:
    """Whether the ticket had it. Raises NotAllowedError."""
    require_work(by, ticket)
    gone, _kinds = TicketTag.objects.filter(ticket=ticket, tag=tag).delete()
    if gone:
        ticket.record(Activity.Kind.TAGGED, by=by, at=now, detail={"removed": tag.name})
    return bool(gone)


def tag_named(company: Company, name: str) -> Tag:
    """The tag of this name in any case, or a new one. Raises NoNameError."""
    found = Tag.objects.filter(company=company, name__iexact=_clean(name)).first()
    try:
        return found or _save(Tag(company=company), name, Tag.Tone.GREY)
    except TagTakenError:  # somebody was quicker
        return Tag.objects.get(company=company, name__iexact=_clean(name))


def _save(tag: Tag, name: str, tone: str) -> Tag:
    tag.name = _clean(name)
    tag.tone = tone if tone in Tag.Tone.values else Tag.Tone.GREY
    if not tag.name:
        raise NoNameError
    try:
        with transaction.atomic():
            tag.save()
    except IntegrityError as error:
        raise TagTakenError(tag.name) from error
    return tag


def _clean(name: str) -> str:
    return " ".join(name.split())[:50].strip()
