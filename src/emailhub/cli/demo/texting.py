"""The demo's chats: the account behind them, and a customer's or an advisor's text through the real ways."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from emailhub.accounts.models import Advisor, Company, Team
from emailhub.accounts.tenancy import company
from emailhub.channels.demo.texts import DemoTextSender
from emailhub.channels.texting.play import fields_of_text
from emailhub.channels.texting.reading import read_text
from emailhub.channels.texting.webhook import CHANNEL, content_of
from emailhub.delivery import attempt
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.desk.chat import Text, send_chat
from emailhub.desk.models import ChatKind, Ticket
from emailhub.desk.phones import read_phone
from emailhub.desk.settle import settle
from emailhub.hub.addresses import Route
from emailhub.intake.accept import accept
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_one

ACCOUNT = "AC" + "0" * 32  # nobody's: the demo asks no gateway


def connect(firm: Company, team: Team, *, sms: str, whatsapp: str) -> Connection:
    """The account by which all the company's teams write."""
    connection = Connection(
        company=firm,
        kind=Connection.Kind.TEXTING,
        name=f"{sms} · {whatsapp}",
        settings={"account": ACCOUNT, "sms": sms, "whatsapp": whatsapp, "team": team.pk},
        state=Connection.State.WORKING,
    )
    connection.secrets = {"token": uuid4().hex}
    connection.save()
    return connection


def write_text(
    connection: Connection, phone: str, text: str, *, kind: ChatKind, name: str, at: datetime
) -> Ticket:
    """A customer writes; returns the ticket that it is on."""
    number, own = read_phone(phone, region=None), str(connection.settings[kind.value])
    fields = fields_of_text(ACCOUNT, kind=kind, number=number, own=own, text=text, name=name)
    route = Route(connection.company_id, connection.settings["team"], own)
    content = content_of(connection.pk, fields)
    (row_id,) = accept(channel=CHANNEL, content=content, mail_from=number, routes=[route])
    with company(connection.company_id):
        rows = ReceivedMessage.objects.filter(pk=row_id)
        rows.update(received_at=at, due_at=at)
        process_one(row_id, connection.company_id, now=at, texts=read_text)
        row = rows.select_related("filed_chat__ticket").get()
        assert row.filed_chat is not None, (row.state, row.outcome, row.last_error)
        Connection.objects.filter(pk=connection.pk).update(last_in_at=at)
        return row.filed_chat.ticket


def answer_text(ticket: Ticket, text: str, *, kind: ChatKind, then: str, by: Advisor, at: datetime) -> None:
    """An advisor answers, and the message is on the customer's phone."""
    with company(ticket.company_id):
        message = Text(kind, text, uuid4(), then=Ticket.Status(then))
        outgoing = send_chat(ticket, message, by=by, now=at).chat.outgoing
    assert outgoing is not None
    sender = DemoTextSender(lambda: at)
    claimed = attempt.begin(outgoing.pk, ticket.company_id, {"demo_texting": sender}, settle, at)
    assert claimed is not None
    claimed.record(sender.send(claimed.mail(), claimed.before_final_dot), settle, at)
    with company(ticket.company_id):
        OutgoingMessage.objects.filter(pk=outgoing.pk).update(created_at=at)
        Connection.objects.filter(kind=Connection.Kind.TEXTING).update(last_out_at=at)
