"""The customers' phones of the demo: what is written on one goes through the signed webhook, and back."""

from __future__ import annotations

from django.test import Client

from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company
from emailhub.channels.demo.texts import DemoTextSender
from emailhub.channels.texting.reading import read_text
from emailhub.delivery.deliver import deliver_due
from emailhub.desk.models import ChatMessage, Ticket
from emailhub.desk.settle import settle
from emailhub.intake.process import process_due
from tests.cast import Cast
from tests.texting_lines import CARLAS, connect

PHONE = "/demo/phone/"


def test_a_customer_writes_and_has_the_answer_on_the_phone(cast: Cast, ana: Client, frank: Client) -> None:
    Company.objects.filter(pk=cast.dealer.pk).update(is_demo=True)
    with company(cast.dealer.id):
        line = f"sms-{connect(cast.dealer, team=cast.service).pk}"
    assert frank.get(PHONE).status_code == 404
    ana.post(f"{PHONE}texts/", {"as": CARLAS, "line": line, "text": "Is it <ready>?"})
    process_due(texts=read_text)
    with company(cast.dealer.id):
        ticket = Ticket.objects.get()
    shown = ana.get(f"{PHONE}?as=%2B34600111222").content.decode()
    assert "Is it &lt;ready&gt;?" in shown
    assert f"Open ticket #{ticket.number}" in shown
    assert "A new ticket was made." in ana.get(f"/tickets/{ticket.number}/").content.decode()
    received = ana.get(f"/manage/teams/{cast.service.pk}/mail/").content.decode()
    assert "Is it &lt;ready&gt;?" in received
    assert f'href="/tickets/{ticket.number}/"' in received
    ana.post(f"/tickets/{ticket.number}/chats/", {"text": "Tomorrow at 8"})
    assert "Tomorrow at 8" not in ana.get(f"{PHONE}conversation/?as=%2B34600111222").content.decode()
    deliver_due({"demo_texting": DemoTextSender()}, settle)
    assert "Tomorrow at 8" in ana.get(f"{PHONE}conversation/?as=%2B34600111222").content.decode()
    with company(cast.dealer.id):
        assert ChatMessage.objects.latest("id").state == "delivered"
