"""Split, move and merge: what goes with what, where later mail goes, and the way back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from emailhub.accounts.models import AuditEntry
from emailhub.accounts.tenancy import company
from emailhub.desk.errors import (
    AlreadyUndoneError,
    MergedTicketError,
    NotAllowedError,
    NothingToMoveError,
    SameTicketError,
)
from emailhub.desk.models import Activity, Message, Regrouping, Ticket
from emailhub.desk.note import note
from emailhub.desk.regrouping import merge, move, preview_merge, split, undo
from emailhub.desk.turns import lock_ticket
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed
from tests.web import desk

PARTS = "parts.dealer@inbox.example"
ANNA = "anna@outside.example"


def file(cast: Cast, *args: str, to: str = "service.dealer@inbox.example", **more: str) -> Message:
    return filed(cast.dealer.id, letter(*args, **more), to)  # type: ignore[arg-type]


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def people(ticket: Ticket) -> set[tuple[str, str]]:
    return set(ticket.participants.values_list("address", "part"))


def said(ticket: Ticket) -> list[str]:
    return [one.text for one in ticket.activities.filter(kind__in=Activity.MESSAGES).order_by("id")]


def test_what_is_split_off_takes_its_author_files_and_later_answers_along(cast: Cast) -> None:
    first = file(cast, CARLA, cc=JON, message_id="first@customer.example")
    second = file(
        cast,
        JON,
        text="And my tractor smokes.",
        in_reply_to="first@customer.example",
        message_id="second@workshop.example",
    )
    with company(cast.dealer.id):
        desk.attach(second.activity, "smoke.pdf", b"%PDF", "application/pdf")
        source = first.ticket
        assert second.ticket == source
        target = split(second.activity, onwards=False, by=cast.ben, now=timezone.now())
        assert said(fresh(source)) == [first.activity.text]
        assert (said(target), target.contact.name) == ([second.activity.text], "jon")
        assert [file.filename for file in target.attachments.all()] == ["smoke.pdf"]
        assert people(target) == {(JON, "from")}
        assert people(source) == {(CARLA, "from"), (JON, "cc")}  # the first mail had him in copy
        assert fresh(source).last_line.startswith("Good morning") and fresh(target).last_author == JON
        assert fresh(target).needs_reply_since and fresh(source).needs_reply_since
    answer = file(cast, JON, text="Smoke again.", in_reply_to="second@workshop.example")
    assert answer.ticket == target
    late = file(cast, CARLA, text="Still leaks.", in_reply_to="first@customer.example")
    assert late.ticket == source


def test_from_here_on_all_that_was_said_goes_and_the_ticket_keeps_its_own_history(cast: Cast) -> None:
    file(cast, CARLA)
    with company(cast.dealer.id):
        source = Ticket.objects.get()
        second = desk.receive(source, "Second")
        source.assign(cast.ben, by=cast.ana, now=timezone.now())
        source.record(Activity.Kind.NOTE, by=cast.ana, at=timezone.now(), text="Third")
        target = split(second, onwards=True, by=cast.ben, now=timezone.now())
        assert said(target) == ["Second", "Third"]
        assert source.activities.filter(kind=Activity.Kind.ASSIGNED).exists()
        kinds = {source.pk: "out", target.pk: "in"}
        for entry in Activity.objects.filter(kind=Activity.Kind.REGROUPED):
            assert entry.detail["way"] == kinds[entry.ticket_id]
        assert AuditEntry.objects.get(kind="ticket").changes == {"ticket_split": ["", f"#{target.number}"]}


def test_a_split_that_is_taken_back_leaves_a_closed_ticket_that_leads_home(cast: Cast) -> None:
    mail = file(cast, CARLA, cc=ANNA, message_id="first@customer.example")
    other = file(cast, ANNA, text="Not hers.", in_reply_to="first@customer.example", cc=CARLA)
    with company(cast.dealer.id):
        target = split(other.activity, onwards=False, by=cast.ben, now=timezone.now())
        before = people(target)
        undo(Regrouping.objects.get(), by=cast.ben, now=timezone.now())
        assert {other.activity_id, mail.activity_id} <= set(
            fresh(other.ticket).activities.values_list("pk", flat=True)
        )
        assert fresh(target).is_closed and fresh(target).merged_into == other.ticket
        assert people(fresh(other.ticket)) >= before
        with pytest.raises(AlreadyUndoneError):
            undo(Regrouping.objects.get(), by=cast.ben, now=timezone.now())


def test_an_entry_moves_to_another_ticket_where_it_stands_in_its_place_by_time(cast: Cast) -> None:
    with company(cast.dealer.id):
        one, other = (desk.open_ticket(cast.service, cast.carla, subject) for subject in ("One", "Other"))
        desk.receive(one, "First")
        middle = desk.receive(one, "Middle")
        desk.receive(other, "Last")
        move(middle, other, onwards=False, by=cast.ben, now=timezone.now())
        assert (said(one), said(other)) == (["First"], ["Middle", "Last"])
        assert fresh(other).last_line == "Last" and fresh(one).last_line == "First"
        undo(Regrouping.objects.get(), by=cast.ben, now=timezone.now())
        assert (said(one), said(other)) == (["First", "Middle"], ["Last"])


def test_a_merged_ticket_leads_its_mail_its_number_and_its_followers_to_the_other(cast: Cast) -> None:
    kept = file(cast, CARLA, message_id="kept@customer.example").ticket
    gone_mail = file(cast, ANNA, subject="Same pump", message_id="gone@outside.example")
    gone = gone_mail.ticket
    with company(cast.dealer.id):
        assert preview_merge(kept, gone).entries == 1
        assert preview_merge(kept, gone).other_customer == "anna"
        merge(kept, gone, by=cast.ben, now=timezone.now())
        assert fresh(gone).is_closed and fresh(gone).merged_into == kept
        assert len(said(kept)) == 2 and not said(gone)
        with pytest.raises(MergedTicketError):
            lock_ticket(gone)
        with pytest.raises(MergedTicketError):
            note(gone, by=cast.ben, html="Lost?", key=uuid4(), now=timezone.now())
        fresh(gone).reopen(by=cast.ben, now=timezone.now())
        assert fresh(gone).is_closed
    answer = file(cast, ANNA, text="Any news?", in_reply_to="gone@outside.example")
    assert answer.ticket == kept
    with company(cast.dealer.id):
        undo(Regrouping.objects.get(), by=cast.ben, now=timezone.now())
        assert not fresh(gone).is_closed and fresh(gone).merged_into is None
        assert said(gone) == [gone_mail.activity.text]
        assert Message.objects.get(pk=answer.pk).ticket == kept  # what came since stays where it came


def test_a_mail_that_both_tickets_hold_stays_behind_and_leads_its_answers_to_the_other(cast: Cast) -> None:
    raw = letter(
        CARLA, to="service.dealer@inbox.example, parts.dealer@inbox.example", message_id="both@x.example"
    )
    one, other = filed(cast.dealer.id, raw), filed(cast.dealer.id, raw, PARTS)
    assert one.ticket != other.ticket
    with company(cast.dealer.id):
        kept, gone = one.ticket, other.ticket
        assert preview_merge(kept, gone).duplicates == 1
        merge(kept, gone, by=cast.olga, now=timezone.now())
        assert [len(said(ticket)) for ticket in (kept, gone)] == [1, 1]
    answer = file(cast, CARLA, to=PARTS, in_reply_to="both@x.example")
    assert answer.ticket == kept


def test_who_waits_on_the_one_that_goes_waits_on_the_one_that_stays(cast: Cast) -> None:
    with company(cast.dealer.id):
        kept, gone = (desk.open_ticket(cast.service, cast.carla, subject) for subject in ("Kept", "Gone"))
        desk.send(kept, cast.ana)
        kept.close(by=cast.ana, now=timezone.now())
        waits = desk.receive(gone, "Hello?")
        merge(kept, gone, by=cast.ana, now=timezone.now())
        assert fresh(kept).needs_reply_since == waits.at
        assert fresh(gone).needs_reply_since is None


def test_a_hidden_copy_stays_hidden_through_a_merge_and_back(cast: Cast) -> None:
    with company(cast.dealer.id):
        kept, gone = (desk.open_ticket(cast.service, cast.carla, subject) for subject in ("Kept", "Gone"))
        for ticket, part in ((kept, "cc"), (gone, "bcc")):
            copied = [["Jon", JON]]
            desk.send(
                ticket, cast.ana, cc=copied if part == "cc" else [], bcc=copied if part == "bcc" else []
            )
            ticket.participants.create(company=cast.dealer, address=JON, part=part)
        merge(kept, gone, by=cast.ana, now=timezone.now())
        undo(Regrouping.objects.get(), by=cast.ana, now=timezone.now())
        assert (people(kept), people(gone)) == ({(JON, "cc")}, {(JON, "bcc")})


def test_what_cannot_be_is_refused_and_changes_nothing(cast: Cast) -> None:
    with company(cast.dealer.id):
        one, other = (desk.open_ticket(cast.service, cast.carla, subject) for subject in ("One", "Other"))
        theirs = desk.open_ticket(cast.parts, cast.carla)
        entry = desk.receive(one)
        now = timezone.now()
        with pytest.raises(SameTicketError):
            merge(one, one, by=cast.ben, now=now)
        for by, target in ((cast.ben, theirs), (cast.vera, other)):
            with pytest.raises(NotAllowedError):
                merge(target, one, by=by, now=now)
            with pytest.raises(NotAllowedError):
                move(entry, target, onwards=False, by=by, now=now)
        with pytest.raises(NothingToMoveError):
            move(one.activities.get(kind=Activity.Kind.CREATED), other, onwards=False, by=cast.ben, now=now)
        merge(other, one, by=cast.ben, now=now)
        with pytest.raises(SameTicketError):
            merge(one, other, by=cast.ben, now=now)
