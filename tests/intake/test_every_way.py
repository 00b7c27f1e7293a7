"""One mail by several ways, in whatever order they bring it: one activity."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Message, Ticket
from emailhub.hub.addresses import Route
from emailhub.intake.accept import accept
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_one
from tests.cast import Cast
from tests.letters import letter

ADDRESS = "support@dealer.example"
_DELIVERED = b"Delivered-To: support@dealer.example\r\n"
_WAYS = ("direct", "forward", "imap", "graph", "webhook")
ORDERS = list(permutations(_WAYS))[::12]  # ten, each beginning and ending differently


def as_it_comes(way: str, raw: bytes) -> tuple[str, bytes, str]:
    """Channel, bytes and the address: what servers on that way put on top of the mail."""
    service = Cast.service_address
    if way == "direct":
        return "smtp", b"Received: from mx.customer.example by inbox.example; x\r\n" + raw, service
    if way == "forward":
        head = b"Received: from mail.dealer.example by inbox.example; x\r\n"
        return "smtp", head + _DELIVERED + raw, service
    if way == "webhook":
        return "webhook", raw, service
    return way, b"Return-Path: <carla@customer.example>\r\n" + _DELIVERED + raw, ADDRESS


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_a_mail_by_five_ways_is_one_activity_and_each_delivery_is_accounted_for(
    cast: Cast, order: tuple[str, ...]
) -> None:
    assert len(ORDERS) == 10
    raw = letter("Carla Ruiz <carla@customer.example>", to=ADDRESS, html="<p>Good morning</p>")
    for way in order:
        channel, content, address = as_it_comes(way, raw)
        route = Route(cast.dealer.id, cast.service.id, address)
        (id,) = accept(channel=channel, content=content, mail_from="carla@customer.example", routes=[route])
        process_one(id, cast.dealer.id, now=timezone.now())
    with company(cast.dealer.id):
        assert Message.objects.get().sender_address == "carla@customer.example"
        assert Ticket.objects.count() == 1
        rows = ReceivedMessage.objects.order_by("id")
        assert [row.outcome for row in rows] == ["ticket", *["duplicate"] * 4]
        assert {row.filed_as_id for row in rows} == {Message.objects.get().pk}
