"""Automatic replies on real mail: to which there is one, what it says and to whom, and when it stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from emailhub import mail, store
from emailhub.accounts.permissions import NotPermittedError
from emailhub.delivery.models import OutboxHold, OutgoingMessage, OutgoingRecipient
from emailhub.desk.answer import Answer
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Activity, Message, Ticket
from emailhub.desk.recipients import propose
from emailhub.desk.reply import reply
from emailhub.hub.automatic_replies import (
    Variable,
    fill,
    preview,
    proposed_text,
    replies_of,
    set_automatic_reply,
    text_in,
)
from emailhub.hub.hours import Period, set_hours
from emailhub.hub.identity import (
    set_display_name,
    set_display_name_in_automatic_replies,
    set_known_contacts_only,
)
from emailhub.hub.models import HubAddress
from emailhub.hub.rule_errors import TextMissingError, UnknownVariableError
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.intake.held import release, restore
from emailhub.intake.models import ReceivedMessage, SentReply, SilencedSender
from emailhub.intake.process import process_one
from emailhub.mail import Mailbox
from emailhub.rules import Action, ReplyKind
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import CARLA, JON, MALLORY, Cast
from tests.letters import letter
from tests.post import deliver, filed, receive

MESSAGES = Path(__file__).parents[1] / "messages"
ACKNOWLEDGEMENT, AFTER_HOURS = ReplyKind.ACKNOWLEDGEMENT, ReplyKind.AFTER_HOURS
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday, 10:00 in Madrid
NIGHT = datetime(2026, 11, 24, 21, tzinfo=UTC)
TEXTS = {language: proposed_text(ACKNOWLEDGEMENT, language) for language in ("en", "es")}
STRANGER = f"Mallory Mayer <{MALLORY}>"


@pytest.fixture
def people(inside: Cast) -> Cast:
    """Service acknowledges new tickets."""
    switch(inside, ACKNOWLEDGEMENT)
    return inside


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def switch(people: Cast, kind: ReplyKind, *, texts: dict[str, dict[str, str]] | None = None) -> None:
    texts = texts or {language: proposed_text(kind, language) for language in ("en", "es")}
    set_automatic_reply(people.service, kind, enabled=True, texts=texts, by=people.ana, now=NOW)


def open_nine_to_five(people: Cast) -> None:
    switch(people, AFTER_HOURS)
    week = [Period(weekday, time(9), time(17)) for weekday in range(5)]
    set_hours(people.service, week, by=people.ana, now=NOW)


def take(people: Cast, raw: bytes, *, mail_from: str = CARLA) -> ReceivedMessage:
    return receive(people.dealer.id, raw, mail_from=mail_from)


def sent(kind: str = "automatic_reply") -> list[mail.Message]:
    """The automatic replies on the wire, oldest first."""
    rows = OutgoingMessage.objects.filter(desk_message__activity__kind=kind).order_by("id")
    return [mail.parse(store.get(row.company_id, row.content_key)) for row in rows]


def last_code(row: ReceivedMessage) -> str:
    return str(row.trace[-1][0])


# On the wire


def test_a_new_ticket_is_acknowledged_to_its_sender_alone(people: Cast) -> None:
    row = take(people, letter(f"Carla <{CARLA}>", cc=JON, subject="SECRET pump", text="SECRET text"))
    (reply_,) = sent()
    outgoing = OutgoingMessage.objects.get(desk_message__automatic="auto-replied")
    assert outgoing.mail_from == ""
    assert [r.address for r in OutgoingRecipient.objects.filter(message=outgoing)] == [CARLA]
    assert ([box.address for box in reply_.to], reply_.cc) == ([CARLA], ())
    assert reply_.auto_submitted == "auto-replied"
    assert reply_.header("X-Auto-Response-Suppress") == "All"
    assert reply_.header("X-Loop") == Cast.service_address
    assert reply_.in_reply_to == (row.message_id,)
    assert reply_.references == (row.message_id,)
    assert reply_.subject == "We have received your email (#1)"
    assert "Hello Carla Ruiz," in reply_.text
    assert "SECRET" not in reply_.text + reply_.html + reply_.subject
    assert row.trace[-1] == ["acknowledged", {"address": CARLA}]


def test_a_strangers_name_is_never_repeated(people: Cast) -> None:
    take(people, letter("Click www.evil.example <mallory@evil.example>"), mail_from=MALLORY)
    (reply_,) = sent()
    assert "evil" not in reply_.text.replace(MALLORY, "")
    assert reply_.text.startswith("Hello,")
    assert [box.name for box in reply_.to] == [""]


def test_the_timeline_shows_it_quietly_and_answers_do_not_build_on_it(people: Cast) -> None:
    message = take(people, letter(CARLA)).filed_as
    ticket = message.ticket
    kinds = list(ticket.activities.order_by("id").values_list("kind", flat=True))
    assert kinds == ["created", "received", "automatic_reply"]
    assert ticket.activities.last().detail == {
        "address": CARLA,
        "subject": "We have received your email (#1)",
    }
    assert ticket.last_line == "Good morning, the pump leaks again."
    assert ticket.needs_reply_since is not None
    assert propose(ticket).answers == message


def test_an_answer_to_it_goes_on_the_ticket(people: Cast) -> None:
    ticket = take(people, letter(CARLA)).filed_as.ticket
    (reply_,) = sent()
    again = take(people, letter(CARLA, subject="Re: received", in_reply_to=reply_.message_id))
    assert again.filed_as.ticket == ticket
    assert again.is_automatic  # the breaker counts it
    assert len(sent()) == 1


def test_the_name_is_the_companys_or_with_the_toggle_the_display_name(people: Cast) -> None:
    set_display_name(people.service, "{advisor} from Green Field", by=people.ana, now=NOW)
    take(people, letter(CARLA))
    set_display_name_in_automatic_replies(people.service, True, by=people.ana, now=NOW)
    take(people, letter(JON), mail_from=JON)
    set_display_name(people.service, "", by=people.ana, now=NOW)
    take(people, letter(MALLORY), mail_from=MALLORY)
    froms = [(reply_.sender.name, reply_.sender.address) for reply_ in sent() if reply_.sender]
    assert froms == [
        ("Dealer Group", Cast.service_address),
        ("Green Field", Cast.service_address),
        ("Dealer Group", Cast.service_address),
    ]


def test_a_customer_is_answered_in_their_own_language(people: Cast) -> None:
    people.carla.language = "es"
    people.carla.save()
    take(people, letter(CARLA))
    assert sent()[0].subject == "Hemos recibido su correo (#1)"


def test_a_language_without_words_is_answered_in_the_companys(people: Cast) -> None:
    switch(people, ACKNOWLEDGEMENT, texts={"en": {"subject": "Got it", "html": "<p>Thank you</p>"}})
    people.carla.language = "es"
    people.carla.save()
    take(people, letter(CARLA))
    assert sent()[0].subject == "Got it"


# To which mail

ANSWERED = {
    "a stranger": letter(STRANGER),
    "a known contact": letter(CARLA),
    "a second subject of nobody's open ticket": letter("new@farm.example", subject="Fwd: invoice"),
    "Auto-Submitted: no": letter(CARLA, headers={"Auto-Submitted": "no"}),
    "Precedence: first-class": letter(CARLA, headers={"Precedence": "first-class"}),
    "Precedence: special-delivery": letter(CARLA, headers={"Precedence": "special-delivery"}),
    "Exchange's usual suppression of receipts": letter(
        CARLA, headers={"X-Auto-Response-Suppress": "DR, RN, NRN"}
    ),
    "an attachment": letter(CARLA, files=(("a.pdf", "application/pdf", b"%PDF"),)),
    "HTML": letter(CARLA, html="<p>Hello</p>"),
    "somebody in CC": letter(CARLA, cc=JON),
    "a mail that quotes another": letter(CARLA, text="Please see below\n\n> Auto-Submitted: auto-replied"),
    "a web form with the customer in Reply-To": letter("noreply@forms.example", headers={"Reply-To": CARLA}),
    "an empty subject": letter(CARLA, subject=""),
}
NOT_ANSWERED = {
    "Auto-Submitted: auto-generated": letter(CARLA, headers={"Auto-Submitted": "auto-generated"}),
    "Auto-Submitted: auto-replied": letter(CARLA, headers={"Auto-Submitted": "auto-replied"}),
    "Auto-Submitted with a comment": letter(CARLA, headers={"Auto-Submitted": "auto-notified; owner=x (y)"}),
    "List-Id": letter(CARLA, headers={"List-Id": "<news.example>"}),
    "List-Unsubscribe": letter(CARLA, headers={"List-Unsubscribe": "<https://news.example/u>"}),
    "Mailing-List": letter(CARLA, headers={"Mailing-List": "list news@news.example"}),
    "Precedence: bulk": letter(CARLA, headers={"Precedence": "bulk"}),
    "Precedence: list": letter(CARLA, headers={"Precedence": "List"}),
    "Precedence: junk": letter(CARLA, headers={"Precedence": "junk"}),
    "Precedence: auto_reply": letter(CARLA, headers={"Precedence": "auto_reply"}),
    "X-Autoreply": letter(CARLA, headers={"X-Autoreply": "yes"}),
    "X-Autorespond": letter(CARLA, headers={"X-Autorespond": "yes"}),
    "X-Auto-Response-Suppress: All": letter(CARLA, headers={"X-Auto-Response-Suppress": "All"}),
    "X-Auto-Response-Suppress: OOF": letter(CARLA, headers={"X-Auto-Response-Suppress": "DR, OOF"}),
    "X-Auto-Response-Suppress: AutoReply": letter(CARLA, headers={"X-Auto-Response-Suppress": "AutoReply"}),
    "Return-Path: <>": letter(CARLA, headers={"Return-Path": "<>"}),
    "mailer-daemon": letter("MAILER-DAEMON@farm.example"),
    "postmaster": letter("postmaster@farm.example"),
    "no-reply": letter("no-reply@portal.example"),
    "noreply with a tag": letter("noreply+17@portal.example"),
    "donotreply": letter("do-not-reply@bank.example"),
    "no-responder": letter("no-responder@banco.example"),
    "an absence without headers": letter(CARLA, subject="Out of office: back on Monday"),
    "an absence in Spanish": letter(CARLA, subject="Respuesta automática: estoy de vacaciones"),
    "an absence in German": letter(CARLA, subject="Abwesenheitsnotiz: im Urlaub"),
    "an advisor of the company": letter("ben@dealer.example"),
    "another team of the company": letter(Cast.parts_address),
    "a team of another company here": letter(Cast.office_address),
    "a sender who cannot be read": letter("undisclosed"),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_this_mail_is_answered(people: Cast, name: str) -> None:
    row = take(people, ANSWERED[name])
    assert last_code(row) == "acknowledged"
    assert len(sent()) == 1


@pytest.mark.parametrize("name", NOT_ANSWERED)
def test_this_mail_is_not_answered_and_the_trace_says_why(people: Cast, name: str) -> None:
    row = take(people, NOT_ANSWERED[name])
    assert row.outcome == "ticket"
    assert last_code(row).startswith("no_reply_")
    assert sent() == []


def test_a_mail_with_the_null_reverse_path_is_not_answered(people: Cast) -> None:
    assert last_code(take(people, letter(CARLA), mail_from="")) == "no_reply_path"
    assert sent() == []


def test_a_report_of_ours_is_not_answered(people: Cast) -> None:
    raw = (MESSAGES / "report_with_the_original.eml").read_bytes()
    assert take(people, raw).outcome == "report"
    assert sent() == []


def test_held_and_ignored_mail_is_not_answered_nor_when_it_is_let_in(people: Cast) -> None:
    set_known_contacts_only(people.service, True, by=people.ana, now=NOW)
    held = take(people, letter(MALLORY), mail_from=MALLORY)
    condition = Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",))
    create_rule(people.service, RuleForm("Pumps", (condition,), Action.IGNORE), by=people.ana, now=NOW)
    ignored = take(people, letter(CARLA))
    assert (held.outcome, ignored.outcome, sent()) == ("held", "ignored", [])
    release(held, add_contact=True, by=people.ben, now=NOW)
    restore(ignored, by=people.ben, now=NOW)
    for row in (held, ignored):
        row.refresh_from_db()
        assert last_code(row) == "no_reply_released"
    assert sent() == []


def test_a_mail_whose_check_failed_is_not_answered(people: Cast) -> None:
    (id,) = deliver(letter(CARLA), mail_from=CARLA)
    ReceivedMessage.objects.filter(pk=id).update(verdict="fail")
    process_one(id, people.dealer.id, now=timezone.now())
    assert last_code(ReceivedMessage.objects.get(pk=id)) == "no_reply_unverified"


def test_a_mail_on_an_open_ticket_is_not_acknowledged(people: Cast) -> None:
    take(people, letter(CARLA))
    assert last_code(take(people, letter(CARLA, subject="More"))) == "no_reply_ticket_has_one"
    assert len(sent()) == 1


def test_a_follow_up_is_acknowledged_and_a_ticket_that_reopens_is_not(
    people: Cast, clock: time_machine.Coordinates
) -> None:
    first = take(people, letter(CARLA)).filed_as
    first.ticket.close(by=people.ben, now=timezone.now())
    clock.shift(timedelta(days=2))
    reopening = letter(CARLA, subject="Re: pump", in_reply_to=first.message_id)
    assert last_code(take(people, reopening)) == "no_reply_ticket_has_one"
    Ticket.objects.get().close(by=people.ben, now=timezone.now())
    clock.shift(timedelta(days=9))
    late = letter(CARLA, subject="Re: pump", in_reply_to=first.message_id)
    assert last_code(take(people, late)) == "acknowledged"


def test_a_routed_ticket_is_answered_by_the_team_that_gets_it(people: Cast) -> None:
    condition = Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",))
    form = RuleForm("Pumps", (condition,), Action.ROUTE_TO_TEAM, to_team_id=people.parts.id)
    create_rule(people.service, form, by=people.ana, now=NOW)
    row = take(people, letter(CARLA))
    assert "acknowledged" not in [code for code, _ in row.trace]
    set_automatic_reply(people.parts, ACKNOWLEDGEMENT, enabled=True, texts=TEXTS, by=people.olga, now=NOW)
    take(people, letter(JON), mail_from=JON)
    (reply_,) = sent()
    assert reply_.sender is not None
    assert reply_.sender.address == Cast.parts_address


def test_a_team_without_a_sender_address_answers_nothing(people: Cast) -> None:
    HubAddress.objects.filter(team=people.service).update(is_sender=False)
    assert last_code(take(people, letter(CARLA))) == "no_reply_no_address"


# Out of hours


def test_out_of_hours_the_customer_is_told_when_the_team_opens(
    people: Cast, clock: time_machine.Coordinates
) -> None:
    open_nine_to_five(people)
    clock.move_to(NIGHT)
    row = take(people, letter(CARLA))
    (reply_,) = sent()
    assert last_code(row) == "told_closed"
    assert reply_.subject == "We are closed at the moment (#1)"
    assert "We open again on Wednesday 25 November at 09:00" in reply_.text


def test_a_closed_period_is_told_once_on_each_ticket(people: Cast, clock: time_machine.Coordinates) -> None:
    open_nine_to_five(people)
    take(people, letter(CARLA))
    clock.move_to(NIGHT)
    assert last_code(take(people, letter(CARLA, subject="More"))) == "told_closed"
    clock.shift(timedelta(hours=2))
    assert last_code(take(people, letter(CARLA, subject="And more"))) == "no_reply_period_has_one"
    clock.move_to(NIGHT + timedelta(days=1))
    assert last_code(take(people, letter(CARLA, subject="Again"))) == "told_closed"


def test_a_copied_person_is_not_told(people: Cast, clock: time_machine.Coordinates) -> None:
    open_nine_to_five(people)
    first = take(people, letter(CARLA, cc=JON)).filed_as
    clock.move_to(NIGHT)
    answer = letter(JON, subject="Re: pump", in_reply_to=first.message_id)
    assert last_code(take(people, answer, mail_from=JON)) == "no_reply_to_others"


# Limits


def test_one_address_gets_one_an_hour_and_four_a_day(people: Cast, clock: time_machine.Coordinates) -> None:
    condition = Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",))
    create_rule(people.service, RuleForm("New", (condition,), Action.CREATE_NEW), by=people.ana, now=NOW)
    codes = []
    for _ in range(16):
        codes.append(last_code(take(people, letter(CARLA))))
        clock.shift(timedelta(minutes=30))
    expected = (["acknowledged", "no_reply_sender_hour"] * 4 + ["no_reply_sender_day"] * 8)[:16]
    assert codes == expected
    assert Ticket.objects.count() == 16
    clock.shift(timedelta(hours=20))
    assert last_code(take(people, letter(CARLA))) == "acknowledged"


def test_many_forged_mails_that_name_one_victim_cost_them_one_reply(people: Cast) -> None:
    for _ in range(60):
        take(people, letter(CARLA), mail_from=MALLORY)
    assert len(sent()) == 1


def test_many_forged_mails_that_name_many_victims_cost_at_most_thirty_an_hour(people: Cast) -> None:
    rows = [take(people, letter(f"victim-{n}@farm.example"), mail_from=MALLORY) for n in range(40)]
    assert len(sent()) == 30
    assert [last_code(row) for row in rows[30:]] == ["no_reply_team_hour"] * 10


def test_whom_an_advisor_has_written_to_is_answered_beyond_that(people: Cast) -> None:
    ticket = take(people, letter(CARLA)).filed_as.ticket
    answer = Answer(to=(Mailbox("", CARLA),), subject="Re: pump", html="<p>One moment</p>", key=uuid4())
    reply(ticket, answer, by=people.ben, now=timezone.now())
    Ticket.objects.get().close(by=people.ben, now=timezone.now())
    SentReply.objects.all().delete()
    for number in range(30):
        create_reply(people, ticket, f"victim-{number}@farm.example")
    assert last_code(take(people, letter(CARLA, subject="Another"))) == "acknowledged"
    assert last_code(take(people, letter(JON), mail_from=JON)) == "no_reply_team_hour"


def create_reply(people: Cast, ticket: Ticket, address: str) -> None:
    SentReply.objects.create(
        company=people.dealer,
        team=people.service,
        ticket=ticket,
        kind=ACKNOWLEDGEMENT,
        address=address,
        to_stranger=True,
        at=timezone.now(),
    )


# The breaker


def test_a_machine_that_answers_again_and_again_is_silenced_and_then_held(
    people: Cast, clock: time_machine.Coordinates
) -> None:
    """A responder that says of nothing that it is one, but answers each automatic reply of ours."""
    take(people, letter(CARLA, subject="Start"))
    (reply_,) = sent()
    rows = [take(people, answer_to(reply_, f"Answer {n}")) for n in range(55)]
    assert len(sent()) == 1
    assert SilencedSender.objects.get().address == CARLA
    notes = Activity.objects.filter(kind=Activity.Kind.SILENCED)
    assert [note.detail["address"] for note in notes] == [CARLA]
    assert {row.outcome for row in rows} == {"ticket"}  # a participant's answer is never held


def answer_to(reply_: mail.Message, subject: str) -> bytes:
    return letter(CARLA, subject=subject, in_reply_to=reply_.message_id)


def test_automatic_mail_without_an_end_is_held_as_a_possible_loop(
    people: Cast, clock: time_machine.Coordinates
) -> None:
    condition = Condition(Field.SUBJECT, Operator.CONTAINS, ("person",))
    create_rule(people.service, RuleForm("New", (condition,), Action.CREATE_NEW), by=people.ana, now=NOW)
    robot = {"Auto-Submitted": "auto-generated"}
    rows = [take(people, letter(CARLA, subject=f"Alarm {n}", headers=robot)) for n in range(55)]
    assert [row.reason for row in rows[50:]] == ["held_possible_loop"] * 5
    assert {row.outcome for row in rows[:50]} == {"ticket"}
    clock.shift(timedelta(minutes=30))
    assert last_code(take(people, letter(CARLA, subject="I am a person"))) == "no_reply_breaker"
    clock.shift(timedelta(hours=25))
    assert last_code(take(people, letter(CARLA, subject="Still a person"))) == "acknowledged"


# The words


def test_only_managers_change_the_words(inside: Cast) -> None:
    with pytest.raises(NotPermittedError):
        set_automatic_reply(
            inside.service, ACKNOWLEDGEMENT, enabled=True, texts=TEXTS, by=inside.ben, now=NOW
        )


def test_both_are_off_with_words_proposed_in_both_languages(inside: Cast) -> None:
    for reply_ in replies_of(inside.service).values():
        assert not reply_.enabled
        assert set(reply_.texts) == {"en", "es"}
        assert all(text["subject"] and "<p>" in text["html"] for text in reply_.texts.values())


def test_a_reply_without_words_in_the_companys_language_cannot_be_switched_on(inside: Cast) -> None:
    for texts in ({}, {"es": TEXTS["es"]}, {"en": {"subject": "Hi", "html": "<p> </p>"}}):
        with pytest.raises(TextMissingError):
            set_automatic_reply(
                inside.service, ACKNOWLEDGEMENT, enabled=True, texts=texts, by=inside.ana, now=NOW
            )


def test_words_are_made_safe_and_variables_known(inside: Cast) -> None:
    html = '<p onclick="x()">Hola {nombre}<script>alert(1)</script> <a href="javascript:x()">y</a></p>'
    switch(inside, ACKNOWLEDGEMENT, texts={"en": {"subject": "Caso {TICKET}\r\nBcc: x@y", "html": html}})
    text = replies_of(inside.service)[ACKNOWLEDGEMENT].texts["en"]
    assert text["subject"] == "Caso {ticket_number} Bcc: x@y"
    assert "{contact_name}" in text["html"]
    for evil in ("script", "onclick", "javascript"):
        assert evil not in text["html"]
    with pytest.raises(UnknownVariableError, match="subject"):
        switch(inside, ACKNOWLEDGEMENT, texts={"en": {"subject": "{subject}", "html": "<p>x</p>"}})


def test_a_name_with_markup_in_it_is_text(people: Cast) -> None:
    create_contact(people.dealer, name="<b>Bold</b> & Co", address="bold@farm.example", confirmed_at=NOW)
    take(people, letter("bold@farm.example"))
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in sent()[0].html
    assert "Hello <b>Bold</b> & Co," in sent()[0].text


@pytest.mark.parametrize(("name", "said"), [("Carla", "Hello Carla, bye"), ("", "Hello, bye")])
def test_an_empty_variable_goes_with_the_space_before_it(name: str, said: str) -> None:
    words = {"subject": "Hello {contact_name}, bye", "html": "Hello&nbsp;{contact_name}, bye"}
    filled = fill(words, {Variable.CONTACT_NAME: name})
    assert filled.subject == said


def test_words_in_no_language_of_the_reader_fall_back_to_any(inside: Cast) -> None:
    assert text_in({"es": {"subject": "x"}}, "", "en") == ("es", {"subject": "x"})
    assert text_in({}, "en") == ("", {})


def test_the_preview_is_what_would_leave(people: Cast) -> None:
    shown = preview(people.service, ACKNOWLEDGEMENT, "en", now=NOW)
    assert shown is not None
    assert shown.sender == Mailbox("Dealer Group", Cast.service_address)
    assert shown.text.subject == "We have received your email (#1234)"
    assert "Hello Maria Example," in shown.text.html


def test_switched_off_nothing_is_sent(people: Cast) -> None:
    set_automatic_reply(people.service, ACKNOWLEDGEMENT, enabled=False, texts=TEXTS, by=people.ana, now=NOW)
    row = take(people, letter(CARLA))
    assert last_code(row) == "new_ticket"
    assert not Message.objects.filter(outgoing__isnull=False).exists()
    assert filed(people.dealer.id, letter(JON)).ticket.number == 2


def test_what_came_before_a_restored_back_up_is_not_acknowledged_twice(people: Cast) -> None:
    """The installation that is gone may have answered it after the back-up was taken."""
    (waiting,) = deliver(letter(CARLA), mail_from=CARLA)
    OutboxHold.objects.create(taken_at=timezone.now(), restored_at=timezone.now())
    process_one(waiting, people.dealer.id, now=timezone.now())
    assert last_code(ReceivedMessage.objects.get(pk=waiting)) == "no_reply_restored"
    assert sent() == []
    later = take(people, letter(JON, subject="Brakes"), mail_from=JON)
    assert last_code(later) == "acknowledged"
