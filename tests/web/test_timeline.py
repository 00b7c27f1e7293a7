"""The timeline: cards, events, days, and the pieces that an open page asks for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Activity, Ticket
from tests.cast import Cast
from tests.mail import messages as mails

from . import desk
from .conftest import SignIn


def ids(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="activity-(\d+)"', html)]


def test_events_and_messages_stand_in_the_order_in_which_we_learned_of_them(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        ticket.assign(cast.ben, by=cast.ana, now=timezone.now())
        desk.send(ticket, cast.ben)
        ticket.close(by=cast.ben, now=timezone.now())
        expected = list(ticket.activities.order_by("id").values_list("id", flat=True))
    assert ids(ana.get("/tickets/1/").content.decode()) == expected


def test_a_day_opens_with_its_heading_once(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        desk.receive(ticket, at=timezone.now() + timedelta(days=1))
        desk.receive(ticket, at=timezone.now() + timedelta(days=1))
    assert ana.get("/tickets/1/").content.decode().count('<h2 class="day"') == 2


def test_a_long_timeline_starts_at_its_end_and_goes_back_on_demand(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        for number in range(60):
            desk.receive(ticket, f"Mail {number}")
        everything = list(ticket.activities.order_by("id").values_list("id", flat=True))
    end = ids(ana.get("/tickets/1/").content.decode())
    before = ids(ana.get(f"/tickets/1/activities/?before={end[0]}").content.decode())
    first = ids(ana.get(f"/tickets/1/activities/?before={before[0]}").content.decode())
    assert [*first, *before, *end] == everything
    assert ids(ana.get(f"/tickets/1/?before={end[0]}").content.decode()) == before


def test_what_came_after_is_sent_alone(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        last = ticket.activities.order_by("-id").values_list("id", flat=True)[0]
        new = desk.receive(ticket, "And now it rains.")
    piece = ana.get(f"/tickets/1/activities/?after={last}").content.decode()
    assert ids(piece) == [new.pk]
    assert "<html" not in piece
    assert 'class="day"' not in piece
    assert ana.get(f"/tickets/1/activities/?after={new.pk}").content.decode().strip() == ""


def test_one_activity_can_be_read_again(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        activity = ticket.activities.get(kind=Activity.Kind.RECEIVED)
    assert ids(ana.get(f"/tickets/1/activities/?id={activity.pk}").content.decode()) == [activity.pk]
    assert ana.get("/tickets/1/activities/?id=999999").status_code == 204


@pytest.mark.parametrize("query", ["", "?after=x", "?id=-1"])
def test_a_senseless_question_is_refused(ana: Client, ticket: Ticket, query: str) -> None:
    assert ana.get(f"/tickets/1/activities/{query}").status_code == 400


def test_pieces_are_not_for_other_teams_and_companies(pat: Client, frank: Client, ticket: Ticket) -> None:
    for client in (pat, frank):
        assert client.get("/tickets/1/activities/?after=0").status_code == 404


class TestReceived:
    def card(self, client: Client) -> str:
        page = client.get("/tickets/1/").content.decode()
        return page[page.rindex('<article class="message') :]

    def test_names_the_team_that_it_was_sent_to_and_the_copied(
        self, ana: Client, cast: Cast, ticket: Ticket
    ) -> None:
        with company(cast.dealer.id):
            desk.receive(ticket, cc=[["Jon", "jon@workshop.example"]])
        assert "to Service · CC Jon" in self.card(ana)
        assert "jon@workshop.example" in self.card(ana)

    def test_of_a_copied_person_is_marked_cc(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            desk.receive(ticket, name="Jon", address="jon@workshop.example")
        assert '<span class="badge solid">CC</span>' in self.card(ana)

    def test_of_the_customer_is_not_marked_cc(self, ana: Client, ticket: Ticket) -> None:
        assert "badge solid" not in self.card(ana)

    @pytest.mark.parametrize(
        ("verdict", "words"), [("pass", "Sender verified"), ("fail", "Sender not verified")]
    )
    def test_says_whether_the_sender_is_verified(
        self, ana: Client, cast: Cast, ticket: Ticket, verdict: str, words: str
    ) -> None:
        with company(cast.dealer.id):
            desk.receive(ticket, verdict=verdict)
        assert words in self.card(ana)

    def test_says_on_what_the_check_of_the_sender_stands(
        self, ana: Client, cast: Cast, ticket: Ticket
    ) -> None:
        found = "dkim=pass header.d=customer.example; dmarc=pass (p=reject)"
        with company(cast.dealer.id):
            activity = desk.receive(ticket, verdict="pass")
            activity.message.deliveries.update(authentication=found)
        assert found in self.card(ana)

    def test_shows_what_a_calendar_invites_to(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        [calendar] = mails.read("invitation_as_alternative_of_outlook").attachments
        with company(cast.dealer.id):
            activity = desk.receive(ticket)
            desk.attach(activity, "invite.ics", calendar.content, "text/calendar")
        card = self.card(ana)
        assert "Visit to the pump" in card and "Farm, gate 2" in card
        assert "carla@farm.example" in card

    def test_of_a_calendar_that_is_none_only_shows_the_file(
        self, ana: Client, cast: Cast, ticket: Ticket
    ) -> None:
        with company(cast.dealer.id):
            desk.attach(
                desk.receive(ticket), "invite.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "text/calendar"
            )
        card = self.card(ana)
        assert "invite.ics" in card and 'aria-label="Invitation"' not in card

    @pytest.mark.parametrize(
        ("text", "content_type", "words"),
        [
            ("", "application/pkcs7-mime", "is encrypted"),
            ("", "application/pgp-encrypted", "is encrypted"),
            ("-----BEGIN PGP MESSAGE-----\nhQ", "text/plain", "is encrypted"),
            ("I agree.", "application/pkcs7-signature", "is signed"),
            ("I agree.", "application/pkcs7-mime", "is signed"),
        ],
    )
    def test_says_that_it_is_encrypted_or_signed(
        self, ana: Client, cast: Cast, ticket: Ticket, text: str, content_type: str, words: str
    ) -> None:
        with company(cast.dealer.id):
            desk.attach(desk.receive(ticket, text), "smime.p7m", b"x", content_type)
        assert words in self.card(ana)

    def test_folds_history_and_signature_and_loses_neither(
        self, ana: Client, cast: Cast, ticket: Ticket
    ) -> None:
        text = "It drips.\n\n-- \nCarla Ruiz\n\nOn 23/11/2026 10:04, Ana wrote:\n> Where?\n"
        with company(cast.dealer.id):
            desk.receive(ticket, text)
        card = self.card(ana)
        shown, signature, history = card.split('<details class="quote')[:3]
        assert "It drips." in shown and "Carla Ruiz" not in shown.partition("rich-text")[2]
        assert "Carla Ruiz" in signature and "Show signature" in signature
        assert "Where?" in history

    @pytest.mark.parametrize(
        ("flag", "words"),
        [
            ("new_person", "New in this conversation"),
            ("was_bcc", "Was in BCC"),
            ("automatic", "Automatic"),
            ("late", "Late answer"),
            ("matched_ignore", "Matched an ignore rule"),
        ],
    )
    def test_shows_what_is_special(
        self, ana: Client, cast: Cast, ticket: Ticket, flag: str, words: str
    ) -> None:
        with company(cast.dealer.id):
            desk.receive(ticket, name="Jon", address="jon@workshop.example", flags=[flag])
        assert words in self.card(ana)

    def test_a_flag_of_a_later_version_is_left_out(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            desk.receive(ticket, flags=["from_the_future"])
        assert "from_the_future" not in self.card(ana)

    def test_html_is_shown_in_a_frame_that_never_runs_scripts(
        self, ana: Client, cast: Cast, ticket: Ticket
    ) -> None:
        with company(cast.dealer.id):
            activity = desk.receive(ticket, html="<p>Hello</p>")
        card = self.card(ana)
        assert f'src="/messages/{activity.message.pk}/body/"' in card
        assert re.findall(r'sandbox="([^"]*)"', card) == [
            "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        ]

    def test_plain_text_keeps_lines_and_links_and_folds_its_history(
        self, ana: Client, cast: Cast, ticket: Ticket
    ) -> None:
        with company(cast.dealer.id):
            desk.receive(
                ticket,
                "See https://customer.example/pump <now>\nThanks",
                history="\n\nOn Mon, 2 Nov 2026 at 10:00, Ana wrote:\n> We come tomorrow.\n",
            )
        card = self.card(ana)
        assert 'href="https://customer.example/pump"' in card
        assert "&lt;now&gt;\nThanks" in card
        visible, folded = card.split('<details class="quote">')
        assert "We come tomorrow." in folded
        assert "We come tomorrow." not in visible

    def test_counts_the_remote_images_that_it_does_not_show(
        self, ana: Client, cast: Cast, ticket: Ticket
    ) -> None:
        with company(cast.dealer.id):
            desk.receive(
                ticket, html='<img src="https://a.example/1.png"><img src=//b.example/2><img src="cid:x">'
            )
        assert "2 remote images blocked." in self.card(ana)

    def test_says_why_it_is_here(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            desk.receive(
                ticket,
                trace=(
                    ("reference_proved", {"ticket": 1, "kind": "our_message"}),
                    ("appended", {"ticket": 1}),
                ),
            )
        card = self.card(ana)
        assert "It answers ticket #1 (it answers our email)." in card
        assert "<b>Put on ticket #1.</b>" in card

    def test_files_are_downloads(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            file = desk.attach(desk.receive(ticket), "a <b>.pdf", b"%PDF-1.7" * 300, "application/pdf")
        card = self.card(ana)
        assert f'href="/attachments/{file.public_id}/?download" download' in card
        assert "a &lt;b&gt;.pdf" in card
        assert "2 kB" in card


class TestSent:
    def card(self, client: Client) -> str:
        page = client.get("/tickets/1/").content.decode()
        return page[page.rindex('<article class="message') :]

    @pytest.mark.parametrize(
        ("state", "results", "words"),
        [
            ("sent", {"carla@customer.example": "sent"}, "Sent"),
            ("sending", {"carla@customer.example": "queued"}, "Sending"),
            ("failed", {"carla@customer.example": "failed"}, "Not delivered"),
            (
                "sent",
                {"carla@customer.example": "sent", "jon@workshop.example": "bounced"},
                "Not delivered to 1",
            ),
            ("sent", {"carla@customer.example": "bounced"}, "Not delivered"),
            ("uncertain", {"carla@customer.example": "uncertain"}, "Perhaps sent"),
            ("cancelled", {"carla@customer.example": "queued"}, "Taken back"),
        ],
    )
    def test_says_what_became_of_it(
        self, ana: Client, cast: Cast, ticket: Ticket, state: str, results: dict[str, str], words: str
    ) -> None:
        with company(cast.dealer.id):
            desk.send(ticket, cast.ana, state=state, results=results)
        assert re.search(rf"</svg>{words}</span>", self.card(ana))

    def test_about_to_leave_says_in_how_many_seconds(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            desk.send(
                ticket, cast.ana, state="queued", attempts=0, due_at=timezone.now() + timedelta(seconds=9)
            )
        assert re.search(r"Leaves in [78] s", self.card(ana))

    def test_put_off_says_when_the_next_try_is(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            desk.send(
                ticket, cast.ana, state="queued", attempts=1, due_at=timezone.now() + timedelta(minutes=5)
            )
        assert re.search(r"Next try \d+:\d\d", self.card(ana))

    def test_a_failure_says_what_to_do(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            desk.send(ticket, cast.ana, state="failed", results={"carla@customer.example": "failed"})
        assert "The text is kept here." in self.card(ana)

    def test_bcc_is_shown_to_the_team(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            desk.send(ticket, cast.ana, bcc=[["", "hidden@workshop.example"]])
        assert "BCC hidden@workshop.example" in self.card(ana)
        assert "hidden copy" in self.card(ana)

    def test_our_html_stands_in_the_page_without_anything_that_runs(
        self, ana: Client, cast: Cast, ticket: Ticket
    ) -> None:
        with company(cast.dealer.id):
            desk.send(ticket, cast.ana, html='<p onclick="x()">Come <b>in</b></p><script>alert(1)</script>')
        assert "<p>Come <b>in</b></p>" in self.card(ana)
        assert "alert(1)" not in self.card(ana)


def test_a_note_says_that_it_is_internal(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        ticket.record(
            Activity.Kind.NOTE, by=cast.ben, at=timezone.now(), text="Ask Jon", html="<p>Ask Jon</p>"
        )
    page = ana.get("/tickets/1/").content.decode()
    assert 'class="message note"' in page
    assert "Internal note by Ben" in page


def test_an_undelivered_mail_is_an_event_with_its_reason(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        ticket.record(
            Activity.Kind.NOT_DELIVERED,
            by=None,
            at=timezone.now(),
            detail={
                "address": "x@y.example",
                "state": "failed",
                "status": "5.1.1",
                "diagnostic": "<no such user>",
            },
        )
    page = ana.get("/tickets/1/").content.decode()
    assert "Not delivered to <b>x@y.example</b>: 5.1.1 &lt;no such user&gt;" in page


def test_names_in_events_are_never_markup(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        ticket.change_subject("<i>{who}</i> {0}", by=cast.ana, now=timezone.now())
    assert (
        "<b>Ana</b> changed the subject to <b>&lt;i&gt;{who}&lt;/i&gt; {0}</b>"
        in ana.get("/tickets/1/").content.decode()
    )


def test_spanish_readers_read_spanish_in_their_own_time(cast: Cast, sign_in: SignIn, ticket: Ticket) -> None:
    cast.ben.user.language, cast.ben.user.time_zone = "es", "America/Bogota"
    cast.ben.user.save()
    with company(cast.dealer.id):
        desk.receive(ticket, at=timezone.now().replace(year=2026, month=11, day=18, hour=15, minute=42))
    page = sign_in(cast.ben).get("/tickets/1/").content.decode()
    assert "Toda la actividad" in page
    assert "iércoles 18 de noviembre" in page
    assert ">10:42</time>" in page
