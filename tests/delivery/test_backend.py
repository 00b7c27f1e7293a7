"""Mail about accounts leaves by the outbox of the company in which its recipient works."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import SMTP
from typing import cast as typed

import pytest
from django.core.mail import EmailMessage as DjangoMessage
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import connections

from emailhub import store
from emailhub.accounts.models import Advisor, Company, User
from emailhub.accounts.tenancy import company
from emailhub.delivery.backend import OutboxBackend, company_of_user
from emailhub.delivery.models import OutgoingMessage
from tests.cast import Cast

ANA = "ana@dealer.example"


def _outbox(firm: Company) -> list[OutgoingMessage]:
    with company(firm.id):
        return list(OutgoingMessage.objects.order_by("id"))


def _read(message: OutgoingMessage) -> EmailMessage:
    content = store.get(message.company_id, message.content_key)
    return typed(EmailMessage, email.message_from_bytes(content, policy=SMTP))


def _send(*messages: DjangoMessage) -> int:
    return OutboxBackend().send_messages(messages)


def test_a_mail_to_an_advisor_waits_in_the_outbox_of_the_advisors_company(cast: Cast) -> None:
    message = DjangoMessage(
        "Contraseña", "Pulse aquí: https://x\n", "EmailHub <emailhub@inbox.example>", [ANA]
    )
    assert _send(message) == 1

    [outgoing] = _outbox(cast.dealer)
    mail = _read(outgoing)
    assert (mail["Subject"], mail["To"], mail["From"].addresses[0].addr_spec) == (
        "Contraseña",
        ANA,
        "emailhub@inbox.example",
    )
    assert mail["Message-ID"] == f"<{outgoing.message_id}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime
    assert mail.get_content() == "Pulse aquí: https://x\r\n"
    assert outgoing.channel == "smtp"
    assert _outbox(cast.farm) == []


def test_the_finished_mail_is_ascii_with_proper_line_ends(cast: Cast) -> None:
    message = EmailMultiAlternatives("Hola", "á\n" * 3 + "x" * 2_000, "emailhub@inbox.example", [ANA])
    message.attach_alternative("<p>á</p>", "text/html")
    _send(message)

    [outgoing] = _outbox(cast.dealer)
    content = store.get(outgoing.company_id, outgoing.content_key)
    assert content.isascii()
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert [part.get_content_type() for part in _read(outgoing).iter_parts()] == ["text/plain", "text/html"]


def test_the_address_is_found_in_any_case_and_by_the_role_of_the_application(cast: Cast) -> None:
    assert company_of_user("ANA@Dealer.Example") == cast.dealer.id
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("emailhub_app",)


def test_mail_to_nobodys_address_is_not_sent(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    assert _send(DjangoMessage("x", "y", "emailhub@inbox.example", ["mallory@evil.example"])) == 0
    assert _outbox(cast.dealer) == []
    assert "was not sent" in caplog.text
    assert "mallory" not in caplog.text


@pytest.mark.parametrize("who", ["user", "advisor"])
def test_who_works_nowhere_any_more_gets_no_mail(cast: Cast, who: str) -> None:
    with company(cast.dealer.id):
        if who == "user":
            User.objects.filter(email=ANA).update(is_active=False)
        else:
            Advisor.objects.filter(user__email=ANA).update(is_active=False)
    assert company_of_user(ANA) is None


def test_a_demos_mail_leaves_by_the_demos_channel(cast: Cast) -> None:
    Company.objects.filter(pk=cast.dealer.pk).update(is_demo=True)
    _send(DjangoMessage("x", "y", "emailhub@inbox.example", [ANA]))
    assert [outgoing.channel for outgoing in _outbox(cast.dealer)] == ["demo"]


def test_a_line_break_in_a_subject_adds_no_header(cast: Cast) -> None:
    _send(DjangoMessage("x", "y", "emailhub@inbox.example", [ANA]))
    _send(DjangoMessage("a\r\nBcc: mallory@evil.example", "y", "emailhub@inbox.example", [ANA]))

    plain, hostile = map(_read, _outbox(cast.dealer))
    assert hostile["Subject"] == "a Bcc: mallory@evil.example"
    assert hostile.keys() == plain.keys()


def test_attachments_are_refused_rather_than_lost(cast: Cast) -> None:
    message = DjangoMessage("x", "y", "emailhub@inbox.example", [ANA])
    message.attach("a.txt", "b", "text/plain")
    with pytest.raises(ValueError, match="attachments"):
        _send(message)
    assert _outbox(cast.dealer) == []


def test_it_is_the_backend_that_django_uses(
    cast: Cast, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pytest-django puts a backend of its own in its place, so it is put back."""
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "emailhub.delivery.backend.OutboxBackend")
    assert send_mail("x", "y", None, [ANA]) == 1
    assert len(_outbox(cast.dealer)) == 1
