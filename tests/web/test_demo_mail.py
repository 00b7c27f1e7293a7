"""The customers' side of the demo: what they received, and that nobody else finds it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from emailhub import mail
from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company
from emailhub.channels.demo.send import DemoSender
from emailhub.delivery.deliver import deliver_due
from emailhub.desk.answer import Answer
from emailhub.desk.reply import reply
from emailhub.desk.settle import settle
from emailhub.desk.uploads import upload
from emailhub.mail import Mailbox
from emailhub.web.demo_mail.files import paper, photo
from emailhub.web.frames import FRAME_POLICY
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed

from .conftest import SignIn

PAGES = ["", "outcome/", "1/body/", "1/source/", "1/parts/0/"]
FORMS = ["letters/", "tour/"]
BOSS = "boss@customer.example"


@pytest.fixture
def demo(cast: Cast) -> Cast:
    """The cast; the dealer is a company of the demo, the farm is a real one."""
    Company.objects.filter(pk=cast.dealer.pk).update(is_demo=True)
    return cast


@pytest.fixture
def mail_id(demo: Cast) -> int:
    """An answer of Ana to Carla, a copy to Jon and a hidden one to her boss, with a picture and a paper."""
    received = filed(demo.dealer.id, letter(f"Carla Ruiz <{CARLA}>", cc=f"Jon <{JON}>"))
    with company(demo.dealer.id):
        files = [
            upload(demo.ana, filename=file.filename, content_type=file.content_type, content=file.content)
            for file in (photo("pump.png", "leak"), paper("offer.pdf", "Offer"))
        ]
        answer = Answer(
            to=(Mailbox("Carla Ruiz", CARLA),),
            cc=(Mailbox("Jon", JON),),
            bcc=(Mailbox("", BOSS),),
            subject="Re: The pump leaks",
            html=f'<p>We come <b>tomorrow</b>.</p><p><img src="/attachments/{files[0].public_id}/"></p>',
            attachment_ids=tuple(file.public_id for file in files),
            key=uuid4(),
        )
        ticket = received.ticket
        activity = reply(ticket, answer, by=demo.ana, now=timezone.now() - timedelta(minutes=1))
        outgoing_id = activity.message.outgoing_id
    assert deliver_due({"demo": DemoSender()}, settle) == 1
    assert outgoing_id
    return outgoing_id


def read(client: Client, path: str = "", **query: object) -> str:
    answer = client.get(f"/demo/mail/{path}", query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_real_company_has_no_such_page(cast: Cast, sign_in: SignIn, path: str) -> None:
    assert sign_in(cast.ana).get(f"/demo/mail/{path}").status_code == 404


@pytest.mark.parametrize("path", FORMS)
def test_a_real_company_has_no_such_form(cast: Cast, sign_in: SignIn, path: str) -> None:
    answer = sign_in(cast.ana).post(f"/demo/mail/{path}", {"as": CARLA, "to": "x", "text": "x"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_nobody_finds_it_from_another_machine(demo: Cast, mail_id: int, sign_in: SignIn, path: str) -> None:
    address = f"/demo/mail/{path.replace('1/', f'{mail_id}/', 1)}"
    assert sign_in(demo.ana).get(address).status_code == 200
    for elsewhere in ("192.0.2.7", "2001:db8::7", ""):
        assert sign_in(demo.ana).get(address, REMOTE_ADDR=elsewhere).status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *FORMS])
def test_the_door_is_closed_before_sign_in(demo: Cast, path: str) -> None:
    answer = Client(headers={"host": "localhost"}).get(f"/demo/mail/{path}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("path", ["body/", "source/", "parts/0/"])
def test_the_mail_of_another_demo_company_is_not_there(
    demo: Cast, mail_id: int, sign_in: SignIn, path: str
) -> None:
    Company.objects.filter(pk=demo.farm.pk).update(is_demo=True)
    assert sign_in(demo.ana).get(f"/demo/mail/{mail_id}/{path}").status_code == 200
    assert sign_in(demo.frank).get(f"/demo/mail/{mail_id}/{path}").status_code == 404
    assert sign_in(demo.frank).get("/demo/mail/", {"mail": mail_id}).status_code == 404


@pytest.mark.parametrize("who", [CARLA, JON, BOSS])
def test_everybody_who_received_it_has_it_in_their_mailbox(
    mail_id: int, demo: Cast, sign_in: SignIn, who: str
) -> None:
    assert f"mail={mail_id}#" in read(sign_in(demo.ana), **{"as": who})


def test_others_do_not_have_it(mail_id: int, demo: Cast, sign_in: SignIn) -> None:
    page = read(sign_in(demo.ana), **{"as": "nobody@customer.example"})
    assert "Nothing yet" in page
    assert f"mail={mail_id}#" not in page


def test_a_hidden_copy_is_hidden_from_customers(mail_id: int, demo: Cast, sign_in: SignIn) -> None:
    client = sign_in(demo.ana)
    assert BOSS not in read(client, **{"as": CARLA, "mail": mail_id})
    source = b"".join(client.get(f"/demo/mail/{mail_id}/source/"))  # type: ignore[call-overload]
    assert BOSS.encode() not in source


def test_the_frame_shows_it_as_safely_as_every_mail(mail_id: int, demo: Cast, sign_in: SignIn) -> None:
    answer = sign_in(demo.ana).get(f"/demo/mail/{mail_id}/body/")
    assert answer.headers["Content-Security-Policy"] == FRAME_POLICY
    document = answer.content.decode()
    assert "<b>tomorrow</b>" in document
    assert re.search(rf'<img[^>]+src="/demo/mail/{mail_id}/parts/\d/"', document)
    assert "cid:" not in document


def test_the_source_is_what_was_sent(mail_id: int, demo: Cast, sign_in: SignIn) -> None:
    answer = sign_in(demo.ana).get(f"/demo/mail/{mail_id}/source/")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    message = mail.parse(b"".join(answer))  # type: ignore[call-overload]
    assert message.subject == "Re: The pump leaks"
    assert "tomorrow" in message.text


def test_pictures_are_shown_and_papers_are_downloads(mail_id: int, demo: Cast, sign_in: SignIn) -> None:
    client = sign_in(demo.ana)
    parts = [client.get(f"/demo/mail/{mail_id}/parts/{number}/") for number in (0, 1)]
    types = {part.headers["Content-Type"]: part.headers["Content-Disposition"] for part in parts}
    assert types["image/png"].startswith("inline")
    assert types["application/octet-stream"].startswith('attachment; filename="offer.pdf"')
    assert all("sandbox" in part.headers["Content-Security-Policy"] for part in parts)
    assert client.get(f"/demo/mail/{mail_id}/parts/2/").status_code == 404


def test_what_was_refused_is_in_no_mailbox(demo: Cast, sign_in: SignIn) -> None:
    received = filed(demo.dealer.id, letter(f"Carla Ruiz <{CARLA}>"))
    with company(demo.dealer.id):
        to = (Mailbox("", "ann@elsewhere.test"),)
        answer = Answer(to=to, subject="Secret offer", html="<p>x</p>", key=uuid4())
        early = timezone.now() - timedelta(minutes=1)
        activity = reply(received.ticket, answer, by=demo.ana, now=early)
        outgoing_id = activity.message.outgoing_id
    deliver_due({"demo": DemoSender()}, settle)
    client = sign_in(demo.ana)
    assert "Secret offer" not in read(client, **{"as": "ann@elsewhere.test"})
    assert client.get(f"/demo/mail/{outgoing_id}/body/").status_code == 404


def test_an_answer_to_all_goes_to_the_team_and_the_others(mail_id: int, demo: Cast, sign_in: SignIn) -> None:
    page = read(sign_in(demo.ana), **{"as": JON, "mail": mail_id, "answer": "all"})
    form = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}
    assert [box.address for box in mail.parse_mailboxes(form["to"])] == [demo.service_address]
    assert CARLA in form["cc"]
    assert JON not in form["cc"]
    assert form["subject"] == "Re: The pump leaks"
    assert form["answers"] == str(mail_id)


def test_an_answer_to_the_author_goes_to_the_team_alone(mail_id: int, demo: Cast, sign_in: SignIn) -> None:
    page = read(sign_in(demo.ana), **{"as": CARLA, "mail": mail_id, "answer": "one"})
    assert re.search(r'name="cc" value=""', page)


def test_the_customers_to_choose_from_are_those_who_wrote_and_a_stranger(
    mail_id: int, demo: Cast, sign_in: SignIn
) -> None:
    page = read(sign_in(demo.ana))
    assert "wrote on #1" in page
    assert "Alex Moreno" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"as": "carla@customer.com"}, "end in .example"),
        ({"text": "  "}, "Write something first"),
        ({"to": "shop@customer.example"}, "None of these addresses"),
        ({"to": ""}, "None of these addresses"),
    ],
)
def test_what_cannot_be_written_says_why_and_keeps_the_text(
    demo: Cast, sign_in: SignIn, fields: dict[str, str], words: str
) -> None:
    form = {"as": CARLA, "to": demo.service_address, "subject": "Kept subject", "text": "Hello", **fields}
    answer = sign_in(demo.ana).post("/demo/mail/letters/", form)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "Kept subject" in answer.content.decode()


def test_the_rail_leads_there_in_the_demo_alone(demo: Cast, sign_in: SignIn) -> None:
    assert 'href="/demo/mail/"' in sign_in(demo.ana).get("/tickets/").content.decode()
    assert 'href="/demo/mail/"' not in sign_in(demo.frank).get("/tickets/").content.decode()


def test_the_tour_is_shown_until_it_is_dismissed(demo: Cast, sign_in: SignIn) -> None:
    client = sign_in(demo.ana)
    assert 'id="tour"' in client.get("/tickets/").content.decode()
    assert client.post("/demo/mail/tour/").headers["Location"] == "/tickets/"
    assert 'id="tour"' not in client.get("/tickets/").content.decode()
    assert 'id="tour"' not in sign_in(demo.frank).get("/tickets/").content.decode()


def test_the_page_is_in_the_readers_language(demo: Cast, sign_in: SignIn) -> None:
    demo.ana.user.language = "es"
    demo.ana.user.save()
    page = read(sign_in(demo.ana))
    for words in ("Correo de los clientes", "Eres", "Su buzón", "Prueba también"):
        assert words in page


def test_the_mail_domain_of_these_tests_is_nobodys() -> None:
    assert settings.MAIL_DOMAIN.endswith(".example")
