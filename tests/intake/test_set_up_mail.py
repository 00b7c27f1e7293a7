"""Mail that belongs to a set-up goes to the set-up page before any rule, gate or filter sees it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emailhub.accounts.permissions import NotPermittedError
from emailhub.delivery.models import OutgoingRecipient
from emailhub.desk.models import Contact, Ticket
from emailhub.hub.confirmations import confirmations_of, mark_done
from emailhub.hub.identity import set_known_contacts_only
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_one
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import Cast
from tests.letters import letter
from tests.mail.test_set_up import ENGLISH, GMAIL, LINK, SPANISH
from tests.post import deliver, receive

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SUBJECTS = {
    "en": ("(#318844872) Gmail Forwarding Confirmation - Receive Mail from a@b.example", ENGLISH),
    "es": ("(#318844872) Confirmación de reenvío de Gmail: Recibir correo de a@b.example", SPANISH),
}


@pytest.mark.parametrize("language", SUBJECTS)
def test_gmails_question_is_shown_to_the_managers_and_is_no_ticket(inside: Cast, language: str) -> None:
    set_known_contacts_only(inside.service, True, by=inside.ana, now=NOW)
    everything = (Condition(Field.SENDER_ADDRESS, Operator.CONTAINS, ("@",)),)
    create_rule(inside.service, RuleForm("All", everything, Action.IGNORE), by=inside.ana, now=NOW)
    subject, text = SUBJECTS[language]
    row = receive(inside.dealer.id, letter(GMAIL, subject=subject, text=text), mail_from="bounce@google.com")
    assert (row.outcome, row.reason) == ("set_up", "set_up_mail")
    (asked,) = confirmations_of(inside.service)
    assert (asked.provider, asked.code, asked.link) == ("Gmail", "318844872", LINK)
    assert not Ticket.objects.exists()
    assert not Contact.objects.with_address("forwarding-noreply@google.com").exists()
    assert list(OutgoingRecipient.objects.values_list("address", flat=True)) == ["ana@dealer.example"]


def test_a_question_whose_sender_failed_the_check_is_an_ordinary_mail(inside: Cast) -> None:
    subject, text = SUBJECTS["en"]
    (id,) = deliver(letter(GMAIL, subject=subject, text=text))
    ReceivedMessage.objects.filter(pk=id).update(verdict="fail")
    process_one(id, inside.dealer.id, now=NOW)
    assert ReceivedMessage.objects.get(pk=id).outcome == "ticket"
    assert not confirmations_of(inside.service).exists()


def test_a_question_that_was_answered_leaves_the_page(inside: Cast) -> None:
    subject, text = SUBJECTS["en"]
    receive(inside.dealer.id, letter(GMAIL, subject=subject, text=text))
    asked = confirmations_of(inside.service).get()
    with pytest.raises(NotPermittedError):
        mark_done(asked, by=inside.ben, now=NOW)
    mark_done(asked, by=inside.ana, now=NOW)
    assert not confirmations_of(inside.service).exists()
