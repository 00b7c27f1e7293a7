"""A ticket with all that stands around its timeline, in one query."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from emailhub.accounts.models import Advisor

from .embedding import as_rows, keep_rows
from .links import link_rows
from .models import Activity, Attachment, ContactEmail, ContactPhone, Follower, Participant, Ticket
from .queries import TicketQuerySet


def find_whole(tickets: TicketQuerySet, number: int) -> Ticket | None:
    """The ticket of this number, its contact's ways, files and participants at hand.

    `author_rows` are the advisors who did something on it, `follower_rows` who follow it; `has_chat` says
    whether there is any chat.
    """
    whole = tickets.annotate(
        author_rows=_advisors_of(Activity.objects.all()),
        link_rows=link_rows(),
        follower_rows=_advisors_of(Follower.objects.all()),
        has_chat=Exists(Activity.objects.filter(ticket_id=OuterRef("pk"), kind__startswith="chat")),
        email_rows=as_rows(ContactEmail.objects.filter(contact_id=OuterRef("contact_id")).order_by("id")),
        phone_rows=as_rows(ContactPhone.objects.filter(contact_id=OuterRef("contact_id")).order_by("id")),
        file_rows=as_rows(Attachment.objects.filter(ticket_id=OuterRef("pk")).order_by("id")),
        participant_rows=as_rows(Participant.objects.filter(ticket_id=OuterRef("pk")).order_by("id")),
    )
    found: Any = whole.filter(number=number).first()
    if found is not None:
        keep_rows(found.contact, "emails", found.email_rows)
        keep_rows(found.contact, "phones", found.phone_rows)
        keep_rows(found, "attachments", found.file_rows)
        keep_rows(found, "participants", found.participant_rows)
    ticket: Ticket | None = found
    return ticket


def _advisors_of(rows: QuerySet[Any]) -> ArraySubquery:
    """Whom these rows of the ticket name, by name."""
    own = rows.filter(ticket_id=OuterRef(OuterRef("pk")), advisor_id=OuterRef("pk"))
    advisors = Advisor.objects.filter(Exists(own)).order_by("user__name", "pk")
    return ArraySubquery(advisors.values(row=JSONObject(id="pk", name="user__name")))
