"""Images that lie elsewhere: blocked until an advisor asks, and then had through us (threats.md G1, H2)."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.desk import remote_pictures
from emailhub.desk.erasing import erase
from emailhub.desk.models import Message, RemotePicture, Ticket
from emailhub.web.remote_images import own_urls
from tests.cast import CARLA, Cast

from . import desk
from .conftest import SignIn

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BODIES = {
    "/1.png": desk.PNG,
    "/2.png": desk.PNG + b"2",
    "/svg": SVG,
    "/long": desk.PNG + bytes(6 * 1024 * 1024),
}


class Elsewhere(BaseHTTPRequestHandler):
    """Where the sender keeps the images. It writes down who comes, and with what."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.visits.append((self.path, {name.lower() for name in self.headers}))
        body = BODIES.get(self.path, b"")
        self.send_response(302 if self.path == "/away" else 200 if body else 404)
        self.send_header("Location", f"http://127.0.0.1:{server.server_address[1]}/1.png")
        self.send_header("Content-Type", "image/png")
        self.send_header("Set-Cookie", "known=1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere(settings: LazySettings) -> Iterator[Any]:
    settings.EGRESS_ALLOWED = ["localhost"]
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    server.visits = []
    server.url = f"http://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def mail(cast: Cast, ticket: Ticket, elsewhere: Any) -> Message:
    html = (
        f'<p>News</p><img src="{elsewhere.url}/1.png"><img src="{elsewhere.url}/2.png">'
        f'<img src="{elsewhere.url}/seen" width="1" height="1">'
    )
    with company(cast.dealer.id):
        message: Message = desk.receive(ticket, html=html).message
        return message


def own(message: Message, address: str) -> str:
    url = own_urls(message)(address)
    assert url
    return url


def shown(client: Client, message: Message) -> list[str]:
    """Our own addresses of the images in the frame of who asked for them."""
    page = client.get(f"/messages/{message.pk}/body/?images=1").content.decode()
    return re.findall(r'src="(/messages/[^"]+)"', page)


def test_nothing_is_fetched_until_somebody_asks(ana: Client, mail: Message, elsewhere: Any) -> None:
    page = ana.get("/tickets/1/").content.decode()
    frame = ana.get(f"/messages/{mail.pk}/body/").content.decode()
    assert "2 remote images blocked. 1 tracking pixel left out." in page
    assert f'href="/messages/{mail.pk}/body/?images=1" target="mail-{mail.pk}"' in page
    assert elsewhere.url not in page + frame and "/pictures/" not in frame
    assert elsewhere.visits == []


def test_who_asks_sees_them_through_us_and_the_pixel_is_not_fetched(
    ana: Client, mail: Message, elsewhere: Any
) -> None:
    ana.cookies["other"] = "secret"
    urls = shown(ana, mail)
    answers = [ana.get(url, headers={"referer": "http://localhost/tickets/1/"}) for url in urls]
    assert [b"".join(answer.streaming_content) for answer in answers] == [desk.PNG, desk.PNG + b"2"]  # type: ignore[attr-defined]
    assert [path for path, _ in elsewhere.visits] == ["/1.png", "/2.png"]
    for _, headers in elsewhere.visits:
        assert not headers & {"cookie", "referer", "x-forwarded-for", "forwarded", "accept-language"}
    for answer in answers:
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
        assert "known" not in answer.cookies


def test_a_second_look_is_not_told_to_the_sender(
    ana: Client, mail: Message, elsewhere: Any, cast: Cast, sign_in: SignIn
) -> None:
    url = shown(ana, mail)[0]
    assert [client.get(url).status_code for client in (ana, sign_in(cast.ben))] == [200, 200]
    assert len(elsewhere.visits) == 1


@pytest.mark.parametrize("path", ["/svg", "/long", "/missing", "/away"])
def test_what_is_no_picture_of_pixels_is_not_passed_on(
    ana: Client, mail: Message, elsewhere: Any, path: str
) -> None:
    assert ana.get(own(mail, elsewhere.url + path)).status_code == 404
    assert len(elsewhere.visits) == 1


def test_no_machine_of_ours_is_asked(
    ana: Client, mail: Message, elsewhere: Any, settings: LazySettings
) -> None:
    settings.EGRESS_ALLOWED = []
    assert ana.get(shown(ana, mail)[0]).status_code == 404
    assert elsewhere.visits == []


def test_it_is_no_proxy_for_what_we_did_not_sign_for_this_mail(
    ana: Client, mail: Message, elsewhere: Any, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        other = desk.receive(ticket, html="<p>Hello</p>").message
    signed = shown(ana, mail)[0]
    assert ana.get(signed.replace(f"/{mail.pk}/", f"/{other.pk}/", 1)).status_code == 404
    assert ana.get(f"{signed[:-2]}x/").status_code == 404
    assert elsewhere.visits == []


def test_only_who_may_read_the_mail_gets_its_pictures(
    pat: Client, frank: Client, ana: Client, mail: Message, elsewhere: Any
) -> None:
    url = shown(ana, mail)[0]
    assert [client.get(url).status_code for client in (pat, frank)] == [404, 404]
    assert elsewhere.visits == []


def test_a_sender_is_remembered_for_the_team_until_somebody_takes_it_back(ana: Client, mail: Message) -> None:
    always = f"/messages/{mail.pk}/shown-sender/"
    assert ana.post(always).status_code == 302
    page = ana.get("/tickets/1/").content.decode()
    assert f'src="/messages/{mail.pk}/body/?images=1"' in page
    assert f"Images from {CARLA} are always shown." in page
    assert ana.post(always, {"_method": "DELETE"}).status_code == 302
    page = ana.get("/tickets/1/").content.decode()
    assert f'src="/messages/{mail.pk}/body/"' in page and "2 remote images blocked." in page


def test_who_only_pretends_to_be_that_sender_is_not_shown(ana: Client, mail: Message, cast: Cast) -> None:
    ana.post(f"/messages/{mail.pk}/shown-sender/")
    with company(cast.dealer.id):
        Message.objects.filter(pk=mail.pk).update(verdict=Message.Verdict.FAIL)
    page = ana.get("/tickets/1/").content.decode()
    assert "2 remote images blocked." in page and "Always for this sender" not in page


def test_who_may_only_look_decides_nothing_for_the_team(cast: Cast, sign_in: SignIn, mail: Message) -> None:
    vera = sign_in(cast.vera)
    assert vera.post(f"/messages/{mail.pk}/shown-sender/").status_code == 403
    assert "Always for this sender" not in vera.get("/tickets/1/").content.decode()


def test_pictures_are_forgotten_after_a_while_and_with_their_mail(
    ana: Client, mail: Message, cast: Cast, elsewhere: Any
) -> None:
    now = timezone.now()
    for url in shown(ana, mail):
        ana.get(url)
    with company(cast.dealer.id):
        remote_pictures.forget_old(cast.dealer.id, now=now + timedelta(days=29))
        assert RemotePicture.objects.count() == 2
        remote_pictures.forget_old(cast.dealer.id, now=now + timedelta(days=31))
        assert RemotePicture.objects.count() == 0


def test_an_erased_mail_keeps_no_pictures(ana: Client, mail: Message, cast: Cast, elsewhere: Any) -> None:
    ana.get(shown(ana, mail)[0])
    with company(cast.dealer.id):
        assert RemotePicture.objects.count() == 1
        erase(cast.carla, texts=True, by=cast.ana, now=timezone.now())
        assert RemotePicture.objects.count() == 0


def test_a_mail_that_has_shown_too_much_shows_no_more(
    ana: Client, mail: Message, cast: Cast, elsewhere: Any
) -> None:
    with company(cast.dealer.id):
        RemotePicture.objects.create(
            company=cast.dealer,
            message=mail,
            digest="0" * 64,
            content_key=store.put(cast.dealer.id, desk.PNG),
            content_type="image/png",
            size=25 * 1024 * 1024,
            fetched_at=timezone.now(),
        )
    assert ana.get(shown(ana, mail)[0]).status_code == 404
    assert elsewhere.visits == []
