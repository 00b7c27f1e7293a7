"""Forget a person's numbers in what was said by text message.

A number that wanted no more messages stays closed: that somebody asked to be left alone outlives the rest.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from emailhub import store
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient

from .models import Activity, ChatMessage, Contact, Ticket

_STILL_LEAVING = (OutgoingMessage.State.QUEUED, OutgoingMessage.State.SENDING)
_NAMING = (Activity.Kind.NOT_DELIVERED, Activity.Kind.OPTED_OUT, Activity.Kind.OPTED_IN)


def numbers_of(contact: Contact) -> frozenset[str]:
    """The numbers that they have, and those from which they wrote."""
    used = ChatMessage.objects.filter(contact=contact).values_list("number", flat=True)
    return frozenset([*contact.phones.values_list("number", flat=True), *used]) - {""}


def forget_numbers(contact: Contact, numbers: Collection[str]) -> None:
    """Take them off the messages, their deliveries and the lines about them. What leaves now leaves."""
    chats = ChatMessage.objects.filter(Q(contact=contact) | Q(number__in=numbers))
    found = list(chats.values_list("outgoing_id", "ticket_id"))
    _forget_outgoing(contact.company_id, [outgoing_id for outgoing_id, _ in found if outgoing_id])
    _forget_lines({ticket_id for _, ticket_id in found}, numbers)
    chats.update(number="")


def _forget_outgoing(company_id: int, ids: Collection[int]) -> None:
    """The finished message holds number and words; the words that stay are the activity's."""
    outgoing = OutgoingMessage.objects.filter(pk__in=ids).exclude(state__in=_STILL_LEAVING)
    recipients = OutgoingRecipient.objects.filter(message__in=list(outgoing.values_list("pk", flat=True)))
    for recipient in recipients:
        recipient.address, recipient.diagnostic = f"erased-{recipient.pk}", ""
        recipient.save(update_fields=["address", "diagnostic"])
    outgoing.update(content_key=store.put(company_id, b"{}"))


def _forget_lines(tickets: Collection[int], numbers: Collection[str]) -> None:
    for line in Activity.objects.filter(ticket__in=tickets, kind__in=_NAMING):
        line.detail = {key: "" if value in numbers else value for key, value in line.detail.items()}
        line.save(update_fields=["detail"])
        Ticket.objects.filter(last_activity_id=line.pk).update(last_line="")
