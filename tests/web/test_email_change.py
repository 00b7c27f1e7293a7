"""A new address to sign in with: its owner confirms it, and the old one hears of it."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from emailhub.accounts.models import User
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingRecipient
from tests.cast import PASSWORD, Cast

from .codes import confirm

NEW = "ana@elsewhere.example"


def ask(client: Client, email: str = NEW) -> None:
    confirm(client, "/account/email/")
    assert client.post("/account/email/", {"action_add": "", "email": email}).status_code == 302


def link_in(mail: EmailMessage) -> str:
    found = re.search(rf"{re.escape(settings.URL)}(/account/email/confirmation/\S+)", str(mail.body))
    assert found
    return found[1]


def email_of(user: User) -> str:
    return User.objects.get(pk=user.pk).email


def test_the_password_is_asked_for_first(cast: Cast, ana: Client) -> None:
    answer = ana.post("/account/email/", {"action_add": "", "email": NEW})
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert not EmailAddress.objects.filter(email=NEW).exists()


def test_the_new_address_counts_once_it_is_confirmed(
    cast: Cast, ana: Client, mailoutbox: list[EmailMessage]
) -> None:
    ask(ana)
    assert [mail.to for mail in mailoutbox] == [[NEW]]
    assert email_of(cast.ana.user) == "ana@dealer.example"
    assert f"{NEW} waits to be confirmed" in ana.get("/profile/").content.decode()
    link = link_in(mailoutbox[0])
    assert f"From now on you sign in with {NEW}" in ana.get(link).content.decode()
    assert email_of(cast.ana.user) == "ana@dealer.example"  # to look is not to confirm
    assert ana.post(link).headers["Location"] == "/profile/#security"
    assert email_of(cast.ana.user) == NEW
    browser = Client(headers={"host": "localhost"})
    for email, expected in ((NEW, 302), ("ana@dealer.example", 200)):
        answer = browser.post("/account/login/", {"login": email, "password": PASSWORD})
        assert answer.status_code == expected
        browser.logout()


def test_the_old_address_hears_of_it(cast: Cast, ana: Client, mailoutbox: list[EmailMessage]) -> None:
    ask(ana)
    ana.post(link_in(mailoutbox[0]))
    assert mailoutbox[-1].to == ["ana@dealer.example"]
    assert f"from ana@dealer.example to {NEW}" in str(mailoutbox[-1].body)


def test_the_link_works_once(cast: Cast, ana: Client, mailoutbox: list[EmailMessage]) -> None:
    ask(ana)
    link = link_in(mailoutbox[0])
    ana.post(link)
    assert "used already" in ana.get(link).content.decode()
    assert ana.post(link).status_code == 404


def test_a_link_of_an_earlier_wish_confirms_no_later_one(
    cast: Cast, ana: Client, mailoutbox: list[EmailMessage]
) -> None:
    """Or who owns one mailbox could take any address: ask for theirs, then for another's."""
    ask(ana)
    ask(ana, "victim@bank.example")
    assert ana.post(link_in(mailoutbox[0])).status_code == 404
    assert email_of(cast.ana.user) == "ana@dealer.example"


def test_somebody_elses_address_is_not_taken(cast: Cast, ana: Client, mailoutbox: list[EmailMessage]) -> None:
    """Whose it is is not told; its owner gets the mail, and their log-in stays theirs."""
    ask(ana, "ben@dealer.example")
    ana.post(link_in(mailoutbox[0]))
    assert email_of(cast.ana.user) == "ana@dealer.example"
    assert email_of(cast.ben.user) == "ben@dealer.example"


def test_the_old_address_can_stay(cast: Cast, ana: Client, mailoutbox: list[EmailMessage]) -> None:
    ask(ana)
    ana.post("/account/email/", {"action_remove": "", "email": NEW})
    assert ana.post(link_in(mailoutbox[0])).status_code == 404
    assert "waits to be confirmed" not in ana.get("/profile/").content.decode()


def test_both_mails_go_through_the_companys_outbox(
    cast: Cast, ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the new address is nobody's yet, and the old one nobody's any more."""
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "emailhub.delivery.backend.OutboxBackend")
    ask(ana)
    waiting = EmailAddress.objects.get(email=NEW)
    ana.post(f"/account/email/confirmation/{EmailConfirmationHMAC(waiting).key}/")
    with company(cast.dealer.id):
        sent = set(OutgoingRecipient.objects.values_list("address", flat=True))
    assert sent == {NEW, "ana@dealer.example"}
