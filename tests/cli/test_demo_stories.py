from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone

from emailhub import mail, store
from emailhub.accounts.models import Advisor, Company, Team, User
from emailhub.accounts.tenancy import company
from emailhub.cli import demo
from emailhub.cli.demo.houses import HOUSES
from emailhub.cli.demo.story import Answer, Chat, moment, working_day
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import (
    Activity,
    Attachment,
    ChatMessage,
    Contact,
    ContactEmail,
    Message,
    SavedReply,
    Seen,
    Ticket,
)
from emailhub.hub.models import HubAddress, InboundRule
from emailhub.intake.models import ReceivedMessage

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: pytest.FixtureDef[object]) -> Iterator[list[Company]]:
    """The demo, filled once for these tests and rolled back after them. No connection may be opened."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():  # type: ignore[attr-defined]
        Company.objects.exists()  # the database is connected from here on
        patch.setattr(socket.socket, "connect", _refuse)
        demo.fill(now=NOW)
        yield list(Company.objects.order_by("id"))
        transaction.set_rollback(True)


def _refuse(*_: object) -> None:
    raise AssertionError("the demo opened a connection")


def test_there_are_two_companies_with_five_teams_and_a_dozen_advisors(filled: list[Company]) -> None:
    advisors, teams, tickets = [], [], 0
    for firm in filled:
        assert firm.is_demo
        with company(firm.id):
            teams += Team.objects.all()
            advisors += Advisor.objects.select_related("user")
            tickets += Ticket.objects.count()
    assert len(filled) == 2
    assert len(teams) == 5
    assert len(advisors) >= 12
    assert 60 <= tickets <= 100
    assert {advisor.role for advisor in advisors} == {"admin", "advisor", "view_only"}
    assert all(advisor.signature for advisor in advisors)


def test_every_address_of_the_demo_ends_in_example(filled: list[Company]) -> None:
    found = set(User.objects.values_list("email", flat=True))
    for firm in filled:
        with company(firm.id):
            found |= set(ContactEmail.objects.values_list("address", flat=True))
            found |= set(HubAddress.objects.values_list("address", flat=True))
            for message in Message.objects.all():
                source = mail.parse(store.get(firm.id, message.content_key))
                found |= {message.sender_address, *ADDRESS.findall(f"{source.headers}")}
                found |= set(ADDRESS.findall(f"{message.text} {message.html} {message.to} {message.cc}"))
    strange = {one for one in found if not one.endswith(".example")}
    assert {one for one in strange if not _is_content_id(one)} == set()


def _is_content_id(found: str) -> bool:
    return found.endswith("@emailhub") or re.search(r"@01DB[0-9A-F]+\.[0-9A-F]+$", found) is not None


def test_no_foreign_product_is_named(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            words = " ".join(Activity.objects.values_list("text", flat=True)).lower()
            assert not re.search(r"john deere|expert ?connect|claas|fendt|new holland|massey", words)


def test_all_mail_came_in_by_intake_and_has_its_place(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            rows = ReceivedMessage.objects.all()
            assert set(rows.values_list("state", flat=True)) == {"done"}
            assert set(rows.values_list("outcome", flat=True)) == {"ticket", "report", "held", "ignored"}
            assert not rows.filter(received_at__gt=NOW).exists()
            chats = ChatMessage.objects.filter(outgoing=None).count()
            assert chats
            received = Message.objects.filter(outgoing=None).count() + chats
            assert received == rows.filter(outcome="ticket").count() > 40


def test_every_story_is_a_ticket_of_its_own(filled: list[Company]) -> None:
    for firm, house in zip(filled, HOUSES, strict=True):
        with company(firm.id):
            follow_ups = Ticket.objects.exclude(follow_up_of=None).count()
            assert Ticket.objects.count() == len(house.stories) + follow_ups
            assert follow_ups == 1


def test_all_answers_are_delivered_in_their_own_time(filled: list[Company]) -> None:
    for firm, house in zip(filled, HOUSES, strict=True):
        answers = sum(isinstance(turn, Answer | Chat) for story in house.stories for turn in story.turns)
        with company(firm.id):
            outgoing = OutgoingMessage.objects.prefetch_related("recipients")
            assert {message.state for message in outgoing} == {"sent"}
            assert {message.channel for message in outgoing} == {"demo", "demo_texting"}
            assert len(outgoing) == answers
            states = [one.state for message in outgoing for one in message.recipients.all()]
            changed = [one.changed_at for message in outgoing for one in message.recipients.all()]
        assert set(states) == {"sent", "bounced"}
        assert states.count("bounced") == 1
        assert max(filter(None, changed)) < NOW


def test_the_kinds_of_mail_that_an_advisor_meets_are_there(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            messages = Message.objects.filter(outgoing=None)
            files = Attachment.objects.exclude(activity=None)
            assert messages.exclude(automatic="").exists()
            assert messages.filter(html="").exists() or firm.language == "en"
            assert messages.exclude(html="").exists()
            assert messages.exclude(cc=[]).exists()
            assert files.filter(content_type="image/png", is_inline=True).exists()
            assert files.filter(content_type="application/pdf", is_inline=False).exists()
            assert Activity.objects.filter(kind=Activity.Kind.NOTE).exists()
            assert Activity.objects.filter(kind=Activity.Kind.NOT_DELIVERED).count() == 1
            assert set(Ticket.objects.values_list("status", flat=True)) == {
                "open",
                "waiting",
                "closed",
                "snoozed",
            }


def test_what_customers_quote_is_folded_whatever_program_they_use(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            answers = Message.objects.filter(outgoing=None).exclude(in_reply_to=[])
            texts = list(answers.values_list("activity__text", flat=True))
        assert len(texts) > 15
        for text in texts:
            assert not re.search(r"^>|escribió:|wrote:|^De:|^From:|original", text, re.MULTILINE), text


def test_the_customers_mails_have_no_defect(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            for message in Message.objects.all():
                assert mail.parse(store.get(firm.id, message.content_key)).defects == ()


def test_some_tickets_are_unread_and_the_old_ones_are_not(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            admin = Advisor.objects.select_related("company").get(role="admin")
            tickets = Ticket.objects.visible_to(admin).with_unread(admin)
            unread = [ticket for ticket in tickets if ticket.unread]
            assert 3 <= len(unread) < len(tickets) / 3
            assert all(NOW - ticket.last_activity_at < timedelta(days=2) for ticket in unread)
            assert Seen.objects.exists()


def test_known_customers_are_confirmed_contacts_with_a_phone(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            known = Contact.objects.filter(confirmed_at__lt=NOW - timedelta(days=30))
            assert known.count() > 12
            assert all(contact.phones.exists() for contact in known)
            assert Contact.objects.filter(confirmed_at=None).exists()


def test_filling_again_changes_nothing(filled: list[Company]) -> None:
    before = demo.logins()
    demo.fill(now=NOW)
    assert list(Company.objects.order_by("id")) == filled
    assert demo.logins() == before


def test_the_passwords_are_random_and_kept_and_open_the_door(filled: list[Company]) -> None:
    logins = demo.logins()
    passwords = [password for _, _, password in logins]
    assert len(set(passwords)) == len(passwords) == User.objects.count()
    assert all(len(password) >= 12 for password in passwords)
    for _, address, password in logins:
        assert check_password(password, User.objects.get(email=address).password)


def test_the_file_with_the_passwords_is_for_its_owner_alone(filled: list[Company]) -> None:
    from django.conf import settings

    assert (settings.DATA_ROOT / "demo-passwords.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("hour", [0, 5, 12, 23])
@pytest.mark.parametrize("day", range(20, 27))
def test_no_turn_lies_in_the_future_whenever_the_demo_is_filled(day: int, hour: int) -> None:
    now = datetime(2026, 11, day, hour, 1, tzinfo=UTC)
    for house in HOUSES:
        zone = ZoneInfo(house.time_zone)
        for story in house.stories:
            moments = [moment(turn.at, story.ago, now, zone) for turn in story.turns]
            assert max(moments) <= now, (story.subject, moments)
            assert moments == sorted(moments), (story.subject, moments)


def test_working_days_leave_out_the_weekend() -> None:
    monday = datetime(2026, 11, 23).date()
    assert working_day(monday, 0) == monday
    assert working_day(monday, 1) == datetime(2026, 11, 20).date()
    assert working_day(datetime(2026, 11, 22).date(), 6) == datetime(2026, 11, 13).date()


def test_a_moment_is_told_by_the_clock_of_the_company() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    assert moment("+1 8:15", 2, NOW, madrid) == datetime(2026, 11, 23, 7, 15, tzinfo=UTC)
    assert moment("-40 min", 0, NOW, madrid) == NOW - timedelta(minutes=40)
    assert timezone.is_aware(moment("18:59", 1, NOW, madrid))


def test_the_teams_have_rules_with_hits_and_held_mail_of_strangers(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            held = ReceivedMessage.objects.filter(outcome="held")
            assert held.count() >= 2
            assert all(row.preview and not row.filed_as_id for row in held)
            assert not ContactEmail.objects.filter(address__in=held.values("sender_address")).exists()
            assert InboundRule.objects.count() >= 3
            assert ReceivedMessage.objects.filter(outcome="ignored", rule__isnull=False).count() >= 2
            older = HubAddress.objects.filter(is_sender=False).select_related("team")
            assert [row.team_name for row in older] != [row.team.name for row in older]


def test_each_company_has_answers_that_its_teams_have_kept(filled: list[Company]) -> None:
    for firm in filled:
        with company(firm.id):
            assert SavedReply.objects.filter(team__isnull=False).count() >= 2
