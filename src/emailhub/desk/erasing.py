"""Forget a person. Their tickets stay, as those of a deleted contact; what was written stays or goes as well.

Bytes that no row names any more are deleted by the clean-up of the store.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from emailhub import store
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient

from .contacts import announce_change
from .erasing_chats import forget_numbers, numbers_of
from .errors import SameContactError
from .models import Activity, Attachment, Contact, Draft, ImportRow, Message, Participant, Ticket
from .permissions import require_contact_management
from .remote_pictures import forget_pictures, forget_senders
from .senders import hold_mail_from

_LEAVING = (OutgoingMessage.State.QUEUED, OutgoingMessage.State.SENDING)
ERASED_MAIL = b"Subject: (erased)\r\n\r\nThe text of this email was erased.\r\n"


@dataclass(frozen=True)
class Erased:
    """What is to be forgotten elsewhere too (intake): addresses, and the stored mails of these messages."""

    company_id: int
    addresses: frozenset[str]  # and telephone numbers
    ticket_ids: frozenset[int]  # on which they took part in any way
    message_ids: frozenset[int]  # whose sender is forgotten
    text_ids: frozenset[int]  # of them and of others those whose text is erased
    stub_key: str  # of the bytes that stand in for an erased mail


def erase(contact: Contact, *, texts: bool, by: Advisor, now: datetime) -> Erased:
    """Forget who the contact is; with `texts` also all that was written on their tickets, and by them.

    Without any ticket or mail the contact is gone altogether. Raises ContactsNotAllowedError,
    SameContactError (somebody else has erased it).
    """
    require_contact_management(by)
    with transaction.atomic():
        addresses = frozenset(contact.emails.values_list("address", flat=True))
        hold_mail_from(contact.company_id, addresses)
        locked = Contact.objects.select_for_update(of=("self",)).filter(pk=contact.pk, erased_at=None).first()
        if locked is None:
            raise SameContactError
        erased = _erase(locked, addresses, texts=texts, now=now)
        audit.record(
            audit.Kind.CONTACT,
            f"#{contact.pk}",
            by=by,
            at=now,
            action=audit.Action.REMOVED,
            texts=_also(texts),
        )
    return erased


def _also(texts: bool) -> audit.Change:
    return audit.Change("", "erased") if texts else audit.Change("", "kept")


def _erase(contact: Contact, addresses: frozenset[str], *, texts: bool, now: datetime) -> Erased:
    company_id = contact.company_id
    written = _written_by(contact, addresses)
    numbers = numbers_of(contact)
    taking_part = Participant.objects.filter(company_id=company_id, address__in=addresses)
    touched = (
        Q(contact=contact) | Q(pk__in=written.values("ticket_id")) | Q(pk__in=taking_part.values("ticket_id"))
    )
    ids = list(Ticket.objects.filter(touched).values_list("pk", flat=True))
    message_ids = frozenset(written.values_list("pk", flat=True))
    stub = store.put(company_id, ERASED_MAIL) if texts else ""
    text_ids = _erase_texts(contact, message_ids, stub) if texts else frozenset()
    _forget_on_tickets(contact, ids, message_ids, addresses)
    forget_numbers(contact, numbers)
    forget_senders(company_id, addresses)
    ImportRow.objects.filter(contact=contact).update(cells=[], detail="", changes={})
    if contact.tickets.exists() or message_ids:
        _empty(contact, now=now)
    else:
        contact.delete()
    return Erased(company_id, addresses | numbers, frozenset(ids), message_ids, text_ids, stub)


def _written_by(contact: Contact, addresses: Collection[str]) -> QuerySet[Message]:
    own = Q(contact=contact) | Q(sender_address__in=addresses)
    return Message.objects.filter(own, company_id=contact.company_id, outgoing__isnull=True)


def _empty(contact: Contact, *, now: datetime) -> None:
    """Leave nothing of the card but its number."""
    before = contact.name
    with translation.override(contact.company.language):
        contact.name = _("Deleted contact")
    contact.organisation = contact.account_number = contact.language = ""
    contact.confirmed_at, contact.shared_sender, contact.erased_at = None, False, now
    contact.save()
    for related in (contact.emails, contact.phones, contact.segment_members):
        related.all().delete()
    contact.merges.update(merged_name="")
    _rename_in_timelines(contact, before)
    announce_change(contact)


def _rename_in_timelines(contact: Contact, before: str) -> None:
    """Lines like "Contact changed from Eva to Ida" name them too."""
    lines = Activity.objects.filter(ticket__contact=contact, kind=Activity.Kind.CONTACT)
    for line in lines:
        line.detail = {key: contact.name if value == before else value for key, value in line.detail.items()}
        line.save(update_fields=["detail"])
    contact.tickets.filter(last_author=before).update(last_author=contact.name)


def _forget_on_tickets(
    contact: Contact, ticket_ids: Sequence[int], message_ids: Collection[int], addresses: Collection[str]
) -> None:
    """Take their name and addresses off everything that is not the text itself."""
    authors = Message.objects.filter(pk__in=message_ids).exclude(sender_name="")
    names = set(authors.values_list("sender_name", flat=True))
    Ticket.objects.filter(pk__in=ticket_ids, last_author__in=[*names, *addresses]).update(last_author="")
    Message.objects.filter(pk__in=message_ids).update(sender_name="", sender_address="", answer_to="")
    Participant.objects.filter(ticket__in=ticket_ids, address__in=addresses).delete()
    Draft.objects.filter(ticket__in=ticket_ids, channel=Draft.Channel.EMAIL).delete()
    for message in Message.objects.filter(ticket__in=ticket_ids).only("pk", "to", "cc", "bcc"):
        _forget_recipient(message, addresses)
    _forget_deliveries(ticket_ids, addresses)


def _forget_recipient(message: Message, addresses: Collection[str]) -> None:
    kept = {
        part: [pair for pair in getattr(message, part) if pair[1] not in addresses]
        for part in ("to", "cc", "bcc")
    }
    if any(kept[part] != getattr(message, part) for part in kept):
        Message.objects.filter(pk=message.pk).update(**kept)


def _forget_deliveries(ticket_ids: Sequence[int], addresses: Collection[str]) -> None:
    """What became of mail to them stays counted, without their address. What is leaving now still leaves."""
    finished = OutgoingRecipient.objects.filter(
        message__desk_message__ticket__in=ticket_ids, address__in=addresses
    ).exclude(state=OutgoingRecipient.State.QUEUED)
    for recipient in finished:
        recipient.address = f"erased-{recipient.pk}"
        recipient.diagnostic = ""
        recipient.save(update_fields=["address", "diagnostic"])


def _erase_texts(contact: Contact, message_ids: Collection[int], stub: str) -> frozenset[int]:
    """Erase what was written on their tickets by anybody, and by them elsewhere. Returns the messages."""
    entries = Activity.objects.filter(
        Q(ticket__contact=contact) | Q(message__in=message_ids), kind__in=Activity.FINDABLE
    )
    ids = list(entries.values_list("pk", flat=True))
    messages = Message.objects.filter(activity__in=ids)
    text_ids = frozenset(messages.values_list("pk", flat=True))
    Attachment.objects.filter(activity__in=ids).delete()
    forget_pictures(text_ids)
    messages.update(text="", html="", subject="", content_key=stub)
    left = OutgoingMessage.objects.filter(desk_message__in=text_ids)
    left.exclude(state__in=_LEAVING).update(content_key=stub)
    Activity.objects.filter(pk__in=ids).update(text="", html="", detail={}, search=None)
    Ticket.objects.filter(last_activity_id__in=ids).update(last_line="")
    contact.tickets.update(subject="", normal_subject="", problem_summary="", has_attachments=False)
    return text_ids
