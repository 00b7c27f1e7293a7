"""Held and ignored mail: released, discarded, always ignored, restored, deleted in time, and told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from emailhub import mail, store
from emailhub.accounts.models import AuditEntry
from emailhub.accounts.permissions import NotPermittedError
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Contact, Ticket
from emailhub.hub.identity import set_known_contacts_only, switch_off, switch_on
from emailhub.hub.models import Identity, InboundRule
from emailhub.hub.rules import RuleForm, create_rule, delete_rule
from emailhub.intake import housekeeping
from emailhub.intake.held import (
    HeldError,
    NobodyToIgnoreError,
    NotHeldError,
    StillOffError,
    always_ignore,
    discard,
    discarded_for,
    held_for,
    held_from,
    ignored_for,
    release,
    release_from,
    restore,
    undo_discard,
)
from emailhub.intake.models import Consideration, ReceivedMessage
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import CARLA, JON, MALLORY, Cast
from tests.letters import letter
from tests.post import filed, receive

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STRANGER = f"Mallory Mayer <{MALLORY}>"


@pytest.fixture
def people(inside: Cast) -> Cast:
    """Service accepts mail only from known contacts."""
    set_known_contacts_only(inside.service, True, by=inside.ana, now=NOW)
    return inside


def hold(people: Cast, sender: str = STRANGER, **words: str) -> ReceivedMessage:
    row = receive(people.dealer.id, letter(sender, **words), mail_from=MALLORY)
    assert row.outcome == "held", row.trace
    return row


def codes(row: ReceivedMessage) -> list[str]:
    row.refresh_from_db()
    return [code for code, _ in row.trace]


def test_a_stranger_is_held_and_nobody_is_told(people: Cast) -> None:
    row = hold(people, text="Hello, are you open?")
    assert (row.reason, row.preview) == ("held_unknown_sender", "Hello, are you open?")
    assert not Ticket.objects.exists()
    assert not Contact.objects.with_address(MALLORY).exists()
    assert not OutgoingMessage.objects.exists()


def test_the_second_address_of_a_known_contact_and_a_copied_strangers_answer_pass(people: Cast) -> None:
    create_contact(people.dealer, name="Twin", address="twin@farm.example", confirmed_at=NOW)
    filed(people.dealer.id, letter("twin@farm.example"))
    first = filed(people.dealer.id, letter(CARLA, cc=JON))
    answer = filed(people.dealer.id, letter(JON, subject="Re: The pump leaks", in_reply_to=first.message_id))
    assert answer.ticket == first.ticket


def test_released_with_its_contact_it_is_a_ticket_and_the_sender_is_known(people: Cast) -> None:
    row = hold(people)
    message = release(row, add_contact=True, by=people.ben, now=NOW)
    assert message.ticket.contact.confirmed_at == NOW
    assert message.ticket.contact.name == "Mallory Mayer"
    assert [activity.kind for activity in message.ticket.activities.order_by("id")] == ["created", "received"]
    assert codes(row)[-4:] == ["released_with_contact", "no_open_ticket", "gate_opened", "new_ticket"]
    assert (row.outcome, row.filed_as) == ("ticket", message)
    assert receive(people.dealer.id, letter(MALLORY, subject="Another")).outcome == "ticket"


def test_created_once_the_sender_stays_unknown(people: Cast) -> None:
    """While that ticket is open their mail goes on it; after that they are held again."""
    ticket = release(hold(people), add_contact=False, by=people.ben, now=NOW).ticket
    assert ticket.contact.confirmed_at is None
    assert filed(people.dealer.id, letter(MALLORY, subject="More")).ticket == ticket
    ticket.refresh_from_db()
    ticket.close(by=people.ben, now=NOW)
    hold(people, subject="And more")


def test_released_mail_goes_where_a_route_says(people: Cast) -> None:
    condition = Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",))
    form = RuleForm("Pumps", (condition,), Action.ROUTE_TO_TEAM, to_team_id=people.parts.id)
    create_rule(people.service, form, by=people.ana, now=NOW)
    assert release(hold(people), add_contact=False, by=people.ben, now=NOW).ticket.team == people.parts


def test_what_was_held_while_emailhub_was_off_is_released_when_it_is_on(people: Cast) -> None:
    switch_off(people.service, by=people.ana, now=NOW)
    row = hold(people, CARLA)
    assert row.reason == "held_hub_off"
    with pytest.raises(StillOffError):
        release(row, add_contact=False, by=people.ben, now=NOW)
    assert codes(row) == ["held_hub_off"]
    switch_on(people.service, by=people.ana, now=NOW)
    assert release(row, add_contact=False, by=people.ben, now=NOW).ticket.contact == people.carla


def test_a_mail_is_released_once(people: Cast) -> None:
    row = hold(people)
    release(row, add_contact=False, by=people.ben, now=NOW)
    stale = ReceivedMessage(pk=row.pk, team=row.team, content_key=row.content_key, rcpt_to=row.rcpt_to)
    stale.company_id = row.company_id
    for again in (
        lambda: release(stale, add_contact=True, by=people.ben, now=NOW),
        lambda: discard(stale, by=people.ben, now=NOW),
        lambda: always_ignore(stale, by=people.ana, now=NOW),
    ):
        with pytest.raises(NotHeldError):
            again()
    assert Ticket.objects.count() == 1


def test_discarded_mail_can_be_taken_back(people: Cast) -> None:
    row = hold(people)
    discard(row, by=people.ben, now=NOW)
    assert list(held_for(people.ben)) == []
    assert list(discarded_for(people.ben)) == [row]
    undo_discard(row, by=people.ben, now=NOW)
    assert list(held_for(people.ben)) == [row]
    assert codes(row)[-2:] == ["discarded", "discard_undone"]


def test_always_ignore_makes_a_rule_and_takes_all_that_is_held_of_the_sender(people: Cast) -> None:
    first, second, other = hold(people), hold(people, subject="Again"), hold(people, JON)
    rule = always_ignore(first, by=people.ana, now=NOW)
    assert list(held_for(people.ana)) == [other]
    assert set(ignored_for(people.ana)) == {first, second}
    assert codes(first)[-1] == "ignored_from_now_on"
    assert receive(people.dealer.id, letter(MALLORY)).rule == rule
    with pytest.raises(NotPermittedError):
        always_ignore(other, by=people.ben, now=NOW)


def test_a_mail_of_nobody_cannot_be_ignored_always(people: Cast) -> None:
    row = hold(people, "undisclosed")
    with pytest.raises(NobodyToIgnoreError):
        always_ignore(row, by=people.ana, now=NOW)
    assert not InboundRule.objects.exists()


def test_ignored_mail_is_restored_to_where_it_would_be(people: Cast) -> None:
    condition = Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",))
    rule = create_rule(people.service, RuleForm("Pumps", (condition,), Action.IGNORE), by=people.ana, now=NOW)
    opened = filed(people.dealer.id, letter(CARLA, subject="Lamp")).ticket
    known, stranger = (receive(people.dealer.id, letter(sender)) for sender in (CARLA, STRANGER))
    assert {known.outcome, stranger.outcome} == {"ignored"}
    assert restore(known, by=people.ben, now=NOW).ticket == opened
    assert restore(stranger, by=people.ben, now=NOW).ticket.contact.name == "Mallory Mayer"
    assert "restored" in codes(known)
    delete_rule(rule, by=people.ana, now=NOW)


def test_who_was_added_since_can_be_let_in_with_all_that_is_held_of_them(people: Cast) -> None:
    rows = [hold(people), hold(people, subject="Again")]
    other = hold(people, JON)
    mallory = create_contact(people.dealer, name="Mallory", address=MALLORY, confirmed_at=NOW)
    assert list(held_from(mallory, people.ben)) == rows[::-1]
    assert release_from(mallory, by=people.ben, now=NOW) == 2
    assert list(held_for(people.ben)) == [other]
    assert {row.filed_as.ticket for row in ReceivedMessage.objects.filter(pk__in=[r.pk for r in rows])} == {
        Ticket.objects.get()
    }


def test_only_the_teams_own_people_see_and_decide(people: Cast) -> None:
    row = hold(people)
    assert [list(held_for(who)) for who in (people.ana, people.ben, people.olga)] == [[row]] * 3
    assert [list(held_for(who)) for who in (people.vera, people.pat)] == [[], []]
    for who in (people.vera, people.pat):
        for refused in (
            lambda who=who: release(row, add_contact=False, by=who, now=NOW),
            lambda who=who: discard(row, by=who, now=NOW),
            lambda who=who: undo_discard(row, by=who, now=NOW),
            lambda who=who: restore(row, by=who, now=NOW),
        ):
            with pytest.raises(NotPermittedError):
                refused()


def test_another_company_sees_none_of_it(people: Cast) -> None:
    hold(people)
    assert list(held_for(people.frank)) == []


def test_each_decision_is_audited(people: Cast) -> None:
    row = hold(people)
    discard(row, by=people.ben, now=NOW)
    undo_discard(row, by=people.ben, now=NOW)
    release(row, add_contact=False, by=people.ana, now=NOW)
    entries = AuditEntry.objects.filter(kind="held_mail").order_by("id")
    assert [(entry.by_name, entry.changes["outcome"]) for entry in entries] == [
        ("Ben", ["held", "discarded"]),
        ("Ben", ["discarded", "held"]),
        ("Ana", ["held", "ticket"]),
    ]


def test_a_refusal_is_a_sentence() -> None:
    for error in (NotHeldError(), StillOffError(), NobodyToIgnoreError()):
        assert isinstance(error, HeldError)
        assert str(error).endswith(".")


# In time


def identity(people: Cast) -> Identity:
    return Identity.objects.select_related("team__company").get(team=people.service)


def test_held_mail_is_deleted_when_its_time_is_up_and_stays_counted(people: Cast) -> None:
    row = hold(people)
    key = row.content_key
    later = row.received_at + timedelta(days=29)
    assert housekeeping.purge(identity(people), now=later) == 0
    assert housekeeping.purge(identity(people), now=later + timedelta(days=2)) == 1
    row.refresh_from_db()
    assert (row.outcome, row.content_key, row.preview, row.sender_name) == ("held", "", "", "")
    assert row.sender_address == MALLORY
    assert codes(row)[-1] == "purged"
    assert not Consideration.objects.exists()
    assert list(held_for(people.ana)) == []
    assert store.get(people.dealer.id, key)  # the file goes by store.collect(): no row names it any more
    with pytest.raises(NotHeldError):
        release(row, add_contact=False, by=people.ana, now=NOW)


def test_mail_on_tickets_is_never_deleted(people: Cast) -> None:
    row = receive(people.dealer.id, letter(CARLA))
    assert housekeeping.purge(identity(people), now=row.received_at + timedelta(days=400)) == 0


def digests() -> list[tuple[str, mail.Message]]:
    sent = OutgoingMessage.objects.order_by("id")
    return [
        (
            OutgoingRecipient.objects.get(message=message).address,
            mail.parse(store.get(message.company_id, message.content_key)),
        )
        for message in sent
    ]


MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_managers_hear_once_a_day_how_much_is_held_and_why(people: Cast) -> None:
    hold(people, text="BUY NOW", subject="Cheap pumps")
    discard(hold(people, subject="gone"), by=people.ben, now=NOW)
    for hour in (0, 1, 5):
        housekeeping.send_digest(identity(people), now=MORNING + timedelta(hours=hour))
    ((address, digest),) = digests()
    assert address == "ana@dealer.example"
    assert digest.subject == "1 email is held for Service"
    assert "unknown sender: 1" in digest.text
    assert digest.auto_submitted == "auto-generated"
    for words in ("BUY NOW", "Cheap pumps", MALLORY, "Mayer"):
        assert words not in digest.text
    housekeeping.send_digest(identity(people), now=MORNING + timedelta(days=1))
    assert len(digests()) == 2


def test_managers_hear_before_held_mail_is_deleted(people: Cast) -> None:
    row = hold(people)
    soon = row.received_at + timedelta(days=28)
    housekeeping.send_digest(identity(people), now=soon.replace(hour=12))
    ((_, digest),) = digests()
    assert "1 of them will be deleted within 3 days." in digest.text


def test_nobody_is_told_of_nothing_nor_before_the_morning(people: Cast) -> None:
    housekeeping.send_digest(identity(people), now=MORNING)
    assert digests() == []
    hold(people)
    Identity.objects.update(digest_on=None)
    housekeeping.send_digest(identity(people), now=MORNING.replace(hour=3))
    assert digests() == []


def test_a_manager_reads_the_digest_in_their_own_language(people: Cast) -> None:
    people.ana.user.language = "es"
    people.ana.user.save()
    hold(people)
    housekeeping.send_digest(identity(people), now=MORNING)
    ((_, digest),) = digests()
    assert digest.subject == "1 correo retenido para Service"
    assert "remitente desconocido: 1" in digest.text


def test_the_house_is_kept_for_every_company(committed_cast: Cast) -> None:
    everyone = committed_cast
    with company(everyone.dealer.id):
        set_known_contacts_only(everyone.service, True, by=everyone.ana, now=NOW)
        row = hold(everyone)
    housekeeping.keep_house(row.received_at + timedelta(days=31))
    with company(everyone.dealer.id):
        assert ReceivedMessage.objects.get().purged_at is not None
