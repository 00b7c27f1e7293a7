"""Forget a person in what was received, too."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from emailhub.accounts.models import Advisor
from emailhub.desk import erasing
from emailhub.desk.erasing import Erased
from emailhub.desk.models import Contact

from .models import Consideration, ReceivedMessage, SentReply, SilencedSender


def erase_contact(contact: Contact, *, texts: bool, by: Advisor, now: datetime) -> None:
    """Forget who the contact is; with `texts` also all that was written. See desk.erasing.erase()."""
    with transaction.atomic():
        erased = erasing.erase(contact, texts=texts, by=by, now=now)
        theirs = _ids_of_mail_from(erased)
        if texts:
            _erase_texts(theirs, erased, now=now)
        rows = ReceivedMessage.objects.filter(pk__in=theirs)
        rows.update(sender_name="", sender_address="", mail_from="")
        _forget_what_was_noted(theirs, erased)


def _ids_of_mail_from(erased: Erased) -> list[int]:
    """What they sent and is not being filed in this moment, also what was held or ignored."""
    received = ReceivedMessage.objects.filter(company_id=erased.company_id)
    theirs = received.filter(Q(filed_as__in=erased.message_ids) | Q(sender_address__in=erased.addresses))
    return list(theirs.exclude(state=ReceivedMessage.State.WAITING).values_list("pk", flat=True))


def _erase_texts(theirs: list[int], erased: Erased, *, now: datetime) -> None:
    """Of mail on their tickets by whomever, and of all theirs: where it went stays told."""
    received = ReceivedMessage.objects.filter(company_id=erased.company_id)
    rows = received.filter(Q(filed_as__in=erased.text_ids) | Q(pk__in=theirs))
    rows.update(subject="", preview="", content_key=erased.stub_key, purged_at=now)


def _forget_what_was_noted(theirs: list[int], erased: Erased) -> None:
    """What decisions were based on, and the counts by sender."""
    on_tickets = ReceivedMessage.objects.filter(filed_as__ticket__in=erased.ticket_ids).values("pk")
    Consideration.objects.filter(Q(received__in=theirs) | Q(received__in=on_tickets)).delete()
    SentReply.objects.filter(company_id=erased.company_id, address__in=erased.addresses).update(address="")
    SilencedSender.objects.filter(company_id=erased.company_id, address__in=erased.addresses).delete()
