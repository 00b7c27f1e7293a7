"""The pages of a team's ways in: what their buttons, which are forms, do."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.hub.mailboxes import MailboxForm, connect_mailbox, mailbox_of
from emailhub.hub.webhooks import webhook_of
from tests.cast import Cast


def test_the_buttons_that_close_a_webhook_and_disconnect_a_mailbox_do_so(cast: Cast, ana: Client) -> None:
    webhook = reverse("hub_webhook", args=[cast.service.pk])
    ana.post(webhook)
    mailbox = MailboxForm(address="service@dealer.example", host="imap.dealer.example", secret="sesame")
    with company(cast.dealer.pk):
        assert webhook_of(cast.service)
        connect_mailbox(cast.service, mailbox, by=cast.ana, now=timezone.now())
    ana.post(webhook, {"_method": "DELETE"})
    ana.post(reverse("hub_mailbox", args=[cast.service.pk]), {"_method": "DELETE"})
    with company(cast.dealer.pk):
        assert (webhook_of(cast.service), mailbox_of(cast.service)) == (None, None)


def test_a_mail_goes_around_by_a_mailbox_and_by_nothing_that_has_no_address(cast: Cast, ana: Client) -> None:
    ana.post(reverse("hub_webhook", args=[cast.service.pk]))
    tests = reverse("hub_connection_tests", args=[cast.service.pk])
    with company(cast.dealer.pk):
        webhook = webhook_of(cast.service)
    assert webhook
    page = ana.post(tests, {"connection": webhook.pk}, follow=True).content.decode()
    assert "no such connection" in page
    with company(cast.dealer.pk):
        assert not OutgoingMessage.objects.exists()
