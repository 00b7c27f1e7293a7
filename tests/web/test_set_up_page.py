"""The set-up guide as managers use it, from an address that nobody proved to one that the team has."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import unquote

from django.test import Client

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.egress.zones import Answer
from emailhub.hub.domain_records import check_domain
from emailhub.hub.models import HubAddress, Probe, SendingDomain
from emailhub.hub.own_addresses import accept_forward, own_address_of
from emailhub.hub.sending_domains import note_records
from tests.cast import Cast
from tests.post import receive


def path(cast: Cast, step: str = "") -> str:
    return f"/manage/teams/{cast.service.id}/emailhub/set-up/{step}"


def test_the_forward_is_proved_step_by_step_and_each_step_is_kept(ana: Client, cast: Cast) -> None:
    begun = ana.post(path(cast, "address/"), {"address": "support@dealer.example"}, follow=True)
    assert "In progress · step 2 of 5" in begun.content.decode()
    chosen = ana.post(path(cast, "provider/"), {"provider": "microsoft"}, follow=True).content.decode()
    assert "5.7.520" in chosen
    under_way = ana.post(path(cast, "probes/"), follow=True).content.decode()
    assert "The test is about to leave" in under_way
    with company(cast.dealer.id):
        probe = Probe.objects.select_related("outgoing").get()
    receive(cast.dealer.id, store.get(cast.dealer.id, probe.outgoing.content_key))
    page = ana.get(path(cast)).content.decode()
    assert "It arrived, with its sender" in page
    assert "In progress · step 4 of 5" in page


def test_the_generated_address_is_tested_by_a_mail_to_it(ana: Client, cast: Cast) -> None:
    ana.post(path(cast, "probes/"), {"generated": "1"})
    with company(cast.dealer.id):
        probe = Probe.objects.select_related("outgoing").get(address=cast.service_address)
        assert OutgoingMessage.objects.get().recipients.get().address == cast.service_address
    receive(cast.dealer.id, store.get(cast.dealer.id, probe.outgoing.content_key))
    assert "It arrived, with its sender" in ana.get(path(cast)).content.decode()


def test_an_address_that_is_none_is_refused_with_the_reason_and_kept_in_its_field(
    ana: Client, cast: Cast
) -> None:
    answer = ana.post(path(cast, "address/"), {"address": "support"})
    assert answer.status_code == 422
    assert 'value="support"' in answer.content.decode()
    assert "is no address of your company" in answer.content.decode()


def test_googles_code_stands_where_it_is_waited_for(ana: Client, cast: Cast) -> None:
    ana.post(path(cast, "address/"), {"address": "support@dealer.example"})
    receive(
        cast.dealer.id,
        b"From: Gmail Team <forwarding-noreply@google.com>\r\nTo: service.dealer@inbox.example\r\n"
        b"Message-ID: <c@google.com>\r\n"
        b"Subject: (#304298959) Gmail Forwarding Confirmation - Receive Mail from support@dealer.example\r\n"
        b"\r\n"
        b"support@dealer.example has requested to automatically forward mail to your email address.\r\n"
        b"Confirmation code: 304298959\r\n",
    )
    assert "304298959" in ana.get(path(cast)).content.decode()


def test_an_address_stays_its_team_s_though_another_is_named_afterwards(ana: Client, cast: Cast) -> None:
    """Switching what one sends with loses no way in."""
    ana.post(path(cast, "address/"), {"address": "support@dealer.example"})
    with company(cast.dealer.id):
        own = own_address_of(cast.service)
        assert own is not None
        accept_forward(own, now=datetime.now(UTC))
    ana.post(path(cast, "address/"), {"address": "help@dealer.example"})
    with company(cast.dealer.id):
        assert HubAddress.objects.get(address="support@dealer.example").team == cast.service


def test_the_company_s_server_is_entered_tested_and_used(ana: Client, cast: Cast) -> None:
    ana.post(path(cast, "address/"), {"address": "support@dealer.example"})
    with company(cast.dealer.id):
        own = own_address_of(cast.service)
        assert own is not None
        accept_forward(own, now=datetime.now(UTC))
    typed = {"host": "smtp.dealer.example", "port": "587", "security": "starttls", "user": "desk"}
    refused = ana.post(path(cast, "server/"), typed)
    assert refused.status_code == 422
    assert "Enter the password for this server." in refused.content.decode()
    waiting = ana.post(path(cast, "server/"), {**typed, "password": "canary"}, follow=True).content.decode()
    assert "The test is about to leave" in waiting
    assert "canary" not in waiting
    with company(cast.dealer.id):
        Connection.objects.update(problem="login", state="stopped")
    assert "The server refused the log-in" in ana.get(path(cast)).content.decode()
    with company(cast.dealer.id):
        OutgoingMessage.objects.update(state="sent")
    used = ana.post(path(cast, "sender/"), follow=True).content.decode()
    assert "Mail leaves with support@dealer.example from now on" in used


def test_the_records_to_publish_stand_there_with_what_was_found(ana: Client, cast: Cast) -> None:
    ana.post(path(cast, "address/"), {"address": "support@dealer.example"})
    with company(cast.dealer.id):
        own = own_address_of(cast.service)
        assert own is not None
        accept_forward(own, now=datetime.now(UTC))
    before = ana.post(path(cast, "sending/"), {"way": "dns"}, follow=True).content.decode()
    with company(cast.dealer.id):
        domain = SendingDomain.objects.get()
    assert domain.challenge in before
    assert f"p={domain.public_key}" in before

    def published(name: str) -> Answer:
        wrong = {f"_emailhub-verify.{domain.domain}": (f'"{domain.challenge}"',)}
        return Answer(wrong.get(name, (domain.keys[0].record,) if "_domainkey" in name else ()))

    with company(cast.dealer.id):
        records = check_domain(domain.domain, domain.challenge, domain.keys, published)
        note_records(domain, records, now=datetime.now(UTC))
    page = ana.get(path(cast)).content.decode()
    assert "Quotation marks or backslashes have become part of the value" in page
    assert "It is not shown yet that mail may leave with support@dealer.example" in (
        ana.post(path(cast, "sender/")).content.decode()
    )


def test_the_instructions_for_it_say_what_was_chosen_in_either_language(ana: Client, cast: Cast) -> None:
    """R46: also before there is a mailbox at all."""
    instructions = path(cast, "instructions/")
    assert "create a mailbox or a shared mailbox" in ana.get(instructions).content.decode()
    ana.post(path(cast, "address/"), {"address": "support@dealer.example"})
    ana.post(path(cast, "provider/"), {"provider": "microsoft"})
    ana.post(path(cast, "sending/"), {"way": "dns"})
    with company(cast.dealer.id):
        domain = SendingDomain.objects.get()
    for language, word in {"es": "Reenviar a", "en": "Forward to"}.items():
        written = ana.get(instructions, {"language": language}).content.decode()
        assert f'<html lang="{language}">' in written
        assert word in written
        for value in (cast.service_address, domain.challenge, domain.public_key, "5.7.520"):
            assert value in written
    link = re.search(r'href="(mailto:[^"]+)"', written)
    assert link and domain.challenge in unquote(link[1])
