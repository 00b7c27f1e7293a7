"""A mail of one team that comes to another team of its company: an ordinary mail from that team."""

from __future__ import annotations

import uuid

from django.utils import timezone

from emailhub import store
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.answer import Answer
from emailhub.desk.reply import reply
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import filed, receive


def sent_copying_parts(cast: Cast) -> bytes:
    ticket = filed(cast.dealer.id, letter(CARLA)).ticket
    parts = Mailbox("Parts", cast.parts_address)
    answer = Answer(
        to=(Mailbox("", CARLA),), cc=(parts,), subject="Re: pump", html="<p>Soon</p>", key=uuid.uuid4()
    )
    reply(ticket, answer, by=cast.ana, now=timezone.now())
    outgoing = OutgoingMessage.objects.get()
    return store.get(outgoing.company_id, outgoing.content_key)


def test_a_neighbours_mail_is_a_ticket_whose_customer_is_the_sending_team(inside: Cast) -> None:
    message = filed(inside.dealer.id, sent_copying_parts(inside), inside.parts_address)
    assert message.ticket.team == inside.parts
    assert message.ticket.contact.primary_email() == inside.service_address


def test_it_is_a_loop_at_the_team_that_sent_it(inside: Cast) -> None:
    row = receive(inside.dealer.id, sent_copying_parts(inside), inside.service_address)
    assert (row.outcome, row.filed_as) == ("loop", None)


def test_a_forward_under_a_neighbours_address_still_hides_who_wrote_it(inside: Cast) -> None:
    message = filed(inside.dealer.id, letter(inside.service_address), inside.parts_address)
    assert message.ticket.contact.primary_email() == ""
