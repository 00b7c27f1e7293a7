"""The mail in its frame, its source, and its files."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client, RequestFactory

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Attachment, Message, Ticket
from emailhub.mail.pictures import raster_type
from emailhub.web import downloads
from tests.cast import Cast
from tests.mail import messages as mails

from . import desk


@pytest.fixture
def mail(cast: Cast, ticket: Ticket) -> Message:
    with company(cast.dealer.id):
        message: Message = desk.receive(
            ticket,
            html='<p>Look <img src="cid:pump"></p><img src="https://spy.example/1.png"><script>alert(1)</script>',
        ).message
        return message


@pytest.fixture
def picture(cast: Cast, mail: Message) -> Attachment:
    with company(cast.dealer.id):
        return desk.attach(
            mail.activity, "pump.png", desk.PNG, "image/png", content_id="pump", is_inline=True
        )


class TestFrame:
    def test_runs_nothing_and_fetches_nothing(self, ana: Client, mail: Message) -> None:
        answer = ana.get(f"/messages/{mail.pk}/body/")
        page, policy = answer.content.decode(), answer.headers["Content-Security-Policy"]
        assert "<script" not in page
        assert "spy.example" not in page
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "allow-scripts" not in policy
        assert "sandbox allow-same-origin" in policy

    def test_folds_the_signature_away_and_keeps_it(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        html = '<div>It drips.</div><div id="Signature"><p>Carla Ruiz</p></div>'
        with company(cast.dealer.id):
            message = desk.receive(ticket, html=html).message
        page = ana.get(f"/messages/{message.pk}/body/").content.decode()
        before, _, folded = page.partition('<details class="signature">')
        assert "It drips." in before and "Carla Ruiz" in folded

    def test_may_stand_in_our_own_pages_only(self, ana: Client, mail: Message) -> None:
        policy = ana.get(f"/messages/{mail.pk}/body/").headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy

    def test_shows_the_pictures_of_the_mail_itself(
        self, ana: Client, mail: Message, picture: Attachment
    ) -> None:
        assert (
            f'src="/attachments/{picture.public_id}/"'
            in ana.get(f"/messages/{mail.pk}/body/").content.decode()
        )

    def test_does_not_show_a_picture_of_another_mail(
        self, ana: Client, cast: Cast, ticket: Ticket, picture: Attachment
    ) -> None:
        with company(cast.dealer.id):
            other = desk.receive(ticket, html='<img src="cid:pump">').message
        assert "/attachments/" not in ana.get(f"/messages/{other.pk}/body/").content.decode()

    def test_shows_only_pixels_in_place(self, ana: Client, cast: Cast, mail: Message) -> None:
        with company(cast.dealer.id):
            desk.attach(mail.activity, "p.svg", b"<svg/>", "image/svg+xml", content_id="pump", is_inline=True)
        assert "/attachments/" not in ana.get(f"/messages/{mail.pk}/body/").content.decode()

    def test_of_a_mail_that_is_too_deep_shows_its_text(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            deep = desk.receive(ticket, "The text", html="<div>" * 2000).message
        assert "The text" in ana.get(f"/messages/{deep.pk}/body/").content.decode()


@pytest.mark.parametrize("part", ["body/", "original/", "message.eml"])
def test_mails_are_not_for_other_teams_and_companies(
    pat: Client, frank: Client, mail: Message, part: str
) -> None:
    assert pat.get(f"/messages/{mail.pk}/{part}").status_code == 404
    assert frank.get(f"/messages/{mail.pk}/{part}").status_code == 404


def test_the_original_is_plain_text(ana: Client, mail: Message) -> None:
    answer = ana.get(f"/messages/{mail.pk}/original/")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"From: Carla Ruiz")


def test_the_eml_file_has_the_bytes_as_received(ana: Client, cast: Cast, mail: Message) -> None:
    answer = ana.get(f"/messages/{mail.pk}/message.eml")
    assert answer.headers["Content-Type"] == "message/rfc822"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="1-{mail.pk}.eml"'
    assert b"".join(answer.streaming_content) == store.get(cast.dealer.id, mail.content_key)


class TestAttachment:
    def test_a_picture_is_shown_in_place(self, ana: Client, picture: Attachment) -> None:
        answer = ana.get(f"/attachments/{picture.public_id}/")
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")

    def test_a_picture_can_be_downloaded(self, ana: Client, picture: Attachment) -> None:
        answer = ana.get(f"/attachments/{picture.public_id}/?download")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="pump.png"'

    @pytest.mark.parametrize(
        ("content", "claimed"),
        [
            (b"<html><script>alert(1)</script>", "text/html"),
            (b"<svg onload='alert(1)'/>", "image/svg+xml"),
            (b"<html><script>alert(1)</script>", "image/png"),
            (b"%PDF-1.7", "application/pdf"),
        ],
    )
    def test_anything_else_is_a_download_whatever_it_claims(
        self, ana: Client, cast: Cast, mail: Message, content: bytes, claimed: str
    ) -> None:
        with company(cast.dealer.id):
            file = desk.attach(mail.activity, "x", content, claimed)
        answer = ana.get(f"/attachments/{file.public_id}/")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")

    def test_is_not_for_other_teams_and_companies(
        self, pat: Client, frank: Client, picture: Attachment
    ) -> None:
        assert pat.get(f"/attachments/{picture.public_id}/").status_code == 404
        assert frank.get(f"/attachments/{picture.public_id}/").status_code == 404

    def test_a_guessed_id_is_not_found(self, ana: Client, picture: Attachment) -> None:
        assert ana.get(f"/attachments/{uuid4()}/").status_code == 404

    def test_a_filename_cannot_write_a_header(self, ana: Client, cast: Cast, mail: Message) -> None:
        with company(cast.dealer.id):
            file = desk.attach(mail.activity, 'a"; x=y ñ.pdf', b"%PDF", "application/pdf")
        disposition = ana.get(f"/attachments/{file.public_id}/").headers["Content-Disposition"]
        assert disposition == "attachment; filename*=utf-8''a%22%3B%20x%3Dy%20%C3%B1.pdf"


@pytest.mark.parametrize(
    ("head", "type_"),
    [
        (desk.PNG[:16], "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(12), "image/jpeg"),
        (b"GIF89a" + bytes(10), "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", ""),
        (b"<svg>", ""),
        (b"", ""),
    ],
)
def test_a_picture_is_known_by_its_bytes(head: bytes, type_: str) -> None:
    assert raster_type(head) == type_


class TestByTheShell:
    def test_the_body_is_left_to_the_shell_under_a_signed_name(
        self, settings: object, tmp_path: object
    ) -> None:
        key = store.put(7, b"content")
        request = RequestFactory().get("/", **{downloads.SHELL: True})
        answer = downloads.send_stored(request, 7, key, "a.txt", "text/plain")
        assert answer.getvalue() == b""
        assert downloads.stored_path(answer.headers[downloads.FILE_HEADER]) == str(store.path(7, key))

    def test_a_name_that_we_did_not_sign_is_refused(self) -> None:
        with pytest.raises(signing.BadSignature):
            downloads.stored_path("/etc/passwd")
        with pytest.raises(signing.BadSignature):
            downloads.stored_path(signing.Signer().sign("/etc/passwd"))

    def test_nobody_outside_can_say_that_the_shell_is_there(self, ana: Client, picture: Attachment) -> None:
        answer = ana.get(f"/attachments/{picture.public_id}/", headers={"emailhub-shell": "1"})
        assert downloads.FILE_HEADER not in answer.headers


class TestAttachedMail:
    def attach(
        self, cast: Cast, mail: Message, name: str, content_type: str = "message/rfc822"
    ) -> Attachment:
        with company(cast.dealer.id):
            return desk.attach(mail.activity, f"{name}.eml", mails.raw(name), content_type)

    def test_is_opened_in_place(self, ana: Client, cast: Cast, mail: Message) -> None:
        file = self.attach(cast, mail, "reply_gmail_web_en")
        assert f"/attachments/{file.public_id}/mail/" in ana.get("/tickets/1/").content.decode()
        answer = ana.get(f"/attachments/{file.public_id}/mail/")
        page = answer.content.decode()
        assert "Carla Campos &lt;carla@farm.example&gt;" in page
        assert "The seal arrived today" in page.partition("<details")[0]
        assert "We have sent you the seal" in page.partition("<details")[2]
        assert "sandbox allow-same-origin" in answer.headers["Content-Security-Policy"]

    def test_runs_and_fetches_nothing(self, ana: Client, cast: Cast, mail: Message) -> None:
        content = b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<script>x</script><img src=https://spy.example/1.png>Hi"
        with company(cast.dealer.id):
            file = desk.attach(mail.activity, "a.eml", content, "message/rfc822")
        page = ana.get(f"/attachments/{file.public_id}/mail/").content.decode()
        assert "Hi" in page and "<script" not in page and "spy.example" not in page

    def test_only_a_mail_is_opened(self, ana: Client, cast: Cast, mail: Message) -> None:
        file = self.attach(cast, mail, "reply_gmail_web_en", "text/html")
        assert ana.get(f"/attachments/{file.public_id}/mail/").status_code == 404

    def test_is_not_for_other_teams_and_companies(
        self, pat: Client, frank: Client, cast: Cast, mail: Message
    ) -> None:
        file = self.attach(cast, mail, "reply_gmail_web_en")
        for client in (pat, frank):
            assert client.get(f"/attachments/{file.public_id}/mail/").status_code == 404
