"""What a colleague sent from a mail program, from the team's mailbox: it goes on the ticket it answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from emailhub import mail, store
from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.delivery.found import note_sent_elsewhere
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.desk.models import KnownId, Message, Ticket
from emailhub.desk.receive import Received
from emailhub.desk.sent_outside import record_sent_outside
from emailhub.mail import Mailbox
from emailhub.rules import Flag, Verdict

from .carry_out import store_files
from .gather import own_addresses_of
from .models import ReceivedMessage
from .reading import read_mail

Remember = Callable[[OutgoingMessage], bool]


def waits_for_intake(team_id: int) -> bool:
    """Whether mail of the team is not filed yet, to which a sent one may be the answer."""
    return ReceivedMessage.objects.filter(team_id=team_id, state=ReceivedMessage.State.WAITING).exists()


def file_sent_outside(
    company_id: int, team_id: int, connection_id: int, content: bytes, *, now: datetime, remember: Remember
) -> bool:
    """Put a mail that somebody sent on the ticket that it answers. False: it answers none of the team's.

    `remember` is called in the same transaction; false from it: it was filed before.
    """
    message, new_text = read_mail(content)
    files = store_files(company_id, message)
    key = store.put(company_id, content)
    with company(company_id):
        ticket = _ticket_of(message, team_id)
        if ticket is None:
            return False
        sender = message.sender or Mailbox("", "")
        if _is_there(team_id, ticket, message_key := mail.message_key(message, content, sender.address)):
            return False
        people = [box.address for box in (*message.to, *message.cc) if box.address]
        outgoing = note_sent_elsewhere(
            Connection.objects.get(pk=connection_id),
            message_id=message.message_id,
            content_key=key,
            size=len(content),
            recipients=people,
            now=now,
        )
        if not remember(outgoing):
            outgoing.delete()
            return True
        received = Received(
            team=Team.objects.get(pk=team_id),
            mail=message,
            sender=sender,
            answer_to="",
            contact=None,
            message_key=message_key,
            content_key=key,
            new_text=new_text,
            files=files,
            verdict=Verdict.NONE,
            flags=[Flag.SENT_OUTSIDE],
            own_addresses=own_addresses_of(company_id),
        )
        record_sent_outside(ticket, received, outgoing, now=now)
        return True


def _ticket_of(message: mail.Message, team_id: int) -> Ticket | None:
    """The ticket of the nearest mail that it answers, if that is the team's."""
    for id in mail.thread_ids(message):
        known = KnownId.objects.filter(value=id[:998], message__ticket__team_id=team_id).order_by(
            "-is_own", "-id"
        )
        if found := known.values_list("message__ticket_id", flat=True).first():
            return Ticket.objects.select_for_update(of=("self",)).select_related("team").get(pk=found)
    return None


def _is_there(team_id: int, ticket: Ticket, message_key: str) -> bool:
    same = Message.objects.filter(message_key=message_key)
    return same.filter(team_id=team_id).exists() or same.filter(ticket=ticket).exists()
