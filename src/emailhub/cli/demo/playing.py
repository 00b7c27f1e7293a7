"""Play the stories through the real ways: mail by intake, answers, notes and verbs by the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import singledispatchmethod
from html import escape
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from emailhub import mail, store
from emailhub.accounts.models import Advisor, Company, Team
from emailhub.accounts.tenancy import company
from emailhub.channels.demo.send import DemoSender
from emailhub.delivery import attempt
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.answer import Answer as Sending
from emailhub.desk.contacts import contact_with
from emailhub.desk.models import Activity, ChatKind, Ticket
from emailhub.desk.note import note
from emailhub.desk.open_ticket import open_ticket
from emailhub.desk.recipients import propose
from emailhub.desk.reply import reply
from emailhub.desk.seen import mark_seen
from emailhub.desk.settle import settle
from emailhub.desk.uploads import upload
from emailhub.hub.models import HubAddress
from emailhub.intake.accept import accept, route_for
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_one
from emailhub.mail import Mailbox
from emailhub.web.demo_mail.letters import Letter, write

from . import texting
from .reports import not_delivered
from .settings import Arrival
from .story import (
    Answer,
    Assign,
    Bounce,
    Chat,
    Close,
    Customer,
    House,
    Mail,
    Move,
    Note,
    Story,
    Summary,
    Text,
    Turn,
    Wait,
)
from .story import moment as moment_of


@dataclass
class Play:
    """A story that is under way."""

    story: Story
    ticket: Ticket | None = None
    last: mail.Message | None = None  # the mail that the next one answers
    outgoing: OutgoingMessage | None = field(default=None, repr=False)


class Stage:
    """A company's stories, played in the order of time. Call it inside no company."""

    def __init__(self, firm: Company, house: House, *, now: datetime) -> None:
        self.firm, self.house, self.now = firm, house, now
        self.zone = ZoneInfo(house.time_zone)
        with company(firm.id):
            advisors = Advisor.objects.select_related("user", "company").prefetch_related("memberships")
            self.advisors = {advisor.user.email: advisor for advisor in advisors}
            self.teams = {team.name: team for team in Team.objects.select_related("company")}
            senders = HubAddress.objects.filter(is_sender=True).select_related("team")
            self.addresses = {sender.team.name: sender.address for sender in senders}
            self.texting = texting.connect(
                firm, self.teams[house.teams[0]], sms=house.sms, whatsapp=house.whatsapp
            )

    def play(self) -> list[Play]:
        """Play all stories; their turns interleave, as they did in those weeks."""
        plays = [Play(story) for story in self.house.stories]
        turns = [(self._moment(turn, play.story), play, turn) for play in plays for turn in play.story.turns]
        with translation.override(self.house.language):
            for at, play, turn in sorted(turns, key=lambda timed: timed[0]):
                self._do(turn, play, at)
        return plays

    def _moment(self, turn: Turn, story: Story) -> datetime:
        return moment_of(turn.at, story.ago, self.now, self.zone)

    @singledispatchmethod
    def _do(self, turn: Turn, play: Play, at: datetime) -> None:
        raise NotImplementedError(turn)

    @_do.register
    def _mail(self, turn: Mail, play: Play, at: datetime) -> None:
        letter = self._letter(turn, play, at)
        raw = write(letter)
        row = self._receive(raw, _our_address(letter), letter.sender.address, at)
        assert row.filed_as is not None, (row.outcome, row.reason, play.story.subject)
        play.ticket, play.last = row.filed_as.ticket, mail.parse(raw)

    def _letter(self, turn: Mail, play: Play, at: datetime) -> Letter:
        writer = turn.by or play.story.customer
        answers = None if turn.fresh else play.last
        subject = mail.reply_subject(answers.subject) if answers else turn.subject or play.story.subject
        return Letter(
            sender=_box(writer),
            to=self._to(answers, writer, play),
            cc=_others(answers, writer, turn.cc),
            subject=f"{_AWAY[self.house.language]}: {subject}" if turn.automatic else subject,
            text=turn.text,
            date=at.astimezone(self.zone) - timedelta(seconds=20),
            program=writer.program,
            language=self.house.language,
            answers=answers,
            photos=turn.photos,
            files=turn.files,
            headers=(("Auto-Submitted", "auto-replied"),) if turn.automatic else (),
        )

    def _to(self, answers: mail.Message | None, writer: Customer, play: Play) -> tuple[Mailbox, ...]:
        """The author of what is answered, if it is not the writer; else our team."""
        if answers and answers.sender and answers.sender.address != writer.address:
            return (answers.sender, *_ours(answers, self.addresses[play.story.team]))
        return (Mailbox(play.story.team, self.addresses[play.story.team]),)

    def arrive(self, arrival: Arrival, team: str) -> ReceivedMessage:
        """Bring in a mail that makes no ticket."""
        at = moment_of(arrival.at, 0, self.now, self.zone)
        letter = Letter(
            sender=_box(arrival.by),
            to=(Mailbox(team, self.addresses[team]),),
            subject=arrival.subject,
            text=arrival.text,
            date=at.astimezone(self.zone) - timedelta(seconds=20),
            program=arrival.by.program,
            language=self.house.language,
        )
        return self._receive(write(letter), _our_address(letter), letter.sender.address, at)

    def _receive(self, raw: bytes, address: str, mail_from: str, at: datetime) -> ReceivedMessage:
        route = route_for(address)
        assert route is not None
        (row_id,) = accept(channel="demo", content=raw, mail_from=mail_from, routes=[route])
        with company(self.firm.id):
            rows = ReceivedMessage.objects.filter(pk=row_id)
            rows.update(received_at=at, due_at=at)
            process_one(row_id, self.firm.id, now=at)
            return rows.select_related("filed_as__ticket").get()

    @_do.register
    def _answer(self, turn: Answer, play: Play, at: datetime) -> None:
        with company(self.firm.id):
            by = self._advisor(turn.by.address)
            ticket = self._ticket(play, by, at)
            proposal = propose(ticket)
            files = [
                upload(by, filename=file.filename, content_type=file.content_type, content=file.content)
                for file in turn.files
            ]
            sending = Sending(
                to=proposal.to,
                cc=(*proposal.cc, *map(_box, turn.cc)),
                subject=proposal.subject,
                html=_html(turn.text),
                attachment_ids=tuple(file.public_id for file in files),
                then=Ticket.Status(turn.then),
                key=uuid4(),
            )
            activity = reply(ticket, sending, by=by, now=at)
            mark_seen(self._fresh(ticket), by)
        self._deliver(activity, play, at + timedelta(seconds=settings.UNDO_SECONDS + 1))

    def _ticket(self, play: Play, by: Advisor, at: datetime) -> Ticket:
        if play.ticket is None:
            contact = contact_with(self.firm, _box(play.story.customer), now=at)
            team = self.teams[play.story.team]
            play.ticket = open_ticket(team=team, contact=contact, subject=play.story.subject, by=by, now=at)
        return self._fresh(play.ticket)

    def _deliver(self, activity: Activity, play: Play, at: datetime) -> None:
        """Let the answer leave as a worker does, in its own time."""
        outgoing, sender = activity.message.outgoing, DemoSender()
        assert outgoing is not None
        claimed = attempt.begin(outgoing.pk, self.firm.id, {"demo": sender}, settle, at)
        assert claimed is not None
        claimed.record(sender.send(claimed.mail(), claimed.before_final_dot), settle, at)
        OutgoingMessage.objects.filter(pk=outgoing.pk).update(created_at=activity.at)
        play.outgoing, play.last = outgoing, mail.parse(store.get(self.firm.id, outgoing.content_key))

    @_do.register
    def _text(self, turn: Text, play: Play, at: datetime) -> None:
        writer, kind = play.story.customer, ChatKind(turn.kind)
        text = turn.text.strip()
        play.ticket = texting.write_text(self.texting, writer.phone, text, kind=kind, name=writer.name, at=at)

    @_do.register
    def _chat(self, turn: Chat, play: Play, at: datetime) -> None:
        by = self._advisor(turn.by.address)
        with company(self.firm.id):
            ticket = self._ticket(play, by, at)
        texting.answer_text(ticket, turn.text.strip(), kind=ChatKind(turn.kind), then=turn.then, by=by, at=at)
        with company(self.firm.id):
            mark_seen(self._fresh(ticket), by)

    @_do.register
    def _note(self, turn: Note, play: Play, at: datetime) -> None:
        with company(self.firm.id):
            by, ticket = self._advisor(turn.by.address), self._fresh(play.ticket)
            note(ticket, by=by, html=_html(turn.text), key=uuid4(), now=at)
            mark_seen(self._fresh(ticket), by)

    @_do.register
    def _assign(self, turn: Assign, play: Play, at: datetime) -> None:
        with company(self.firm.id):
            to = self._advisor(turn.to.address)
            self._fresh(play.ticket).assign(to, by=self._advisor(turn.by.address), now=at)

    @_do.register
    def _move(self, turn: Move, play: Play, at: datetime) -> None:
        with company(self.firm.id):
            team = self.teams[turn.team]
            self._fresh(play.ticket).move(team, by=self._advisor(turn.by.address), now=at)

    @_do.register
    def _summary(self, turn: Summary, play: Play, at: datetime) -> None:
        with company(self.firm.id):
            self._fresh(play.ticket).describe(turn.text)

    @_do.register
    def _wait(self, turn: Wait, play: Play, at: datetime) -> None:
        with company(self.firm.id):
            self._fresh(play.ticket).wait(by=self._advisor(turn.by.address), now=at)

    @_do.register
    def _close(self, turn: Close, play: Play, at: datetime) -> None:
        with company(self.firm.id):
            self._fresh(play.ticket).close(by=self._advisor(turn.by.address), now=at)

    @_do.register
    def _bounce(self, turn: Bounce, play: Play, at: datetime) -> None:
        assert play.outgoing is not None
        assert play.last is not None
        with company(self.firm.id):
            outgoing = OutgoingMessage.objects.get(pk=play.outgoing.pk)
        report = not_delivered(outgoing.mail_from, play.last, turn.diagnostic, at)
        self._receive(report, outgoing.mail_from, "", at)

    def _advisor(self, address: str) -> Advisor:
        return self.advisors[address]

    def _fresh(self, ticket: Ticket | None) -> Ticket:
        assert ticket is not None, "a story begins with a mail or an answer"
        tickets = Ticket.objects.select_related("team", "contact", "assignee__user", "company")
        found: Ticket = tickets.get(pk=ticket.pk)
        return found


_AWAY = {"es": "Respuesta automática", "en": "Automatic reply"}


def _box(person: Customer) -> Mailbox:
    return Mailbox(person.name, person.address)


def _our_address(letter: Letter) -> str:
    return next(
        box.address for box in (*letter.to, *letter.cc) if box.address.endswith(f"@{settings.MAIL_DOMAIN}")
    )


def _ours(answers: mail.Message, address: str) -> tuple[Mailbox, ...]:
    """Our team, where somebody outside answers somebody else outside."""
    return tuple(box for box in (*answers.to, *answers.cc) if box.address == address)


def _others(answers: mail.Message | None, writer: Customer, added: Iterable[Customer]) -> tuple[Mailbox, ...]:
    """Reply all: everybody of the answered mail but the writer and our team, and who is added."""
    people = [*(answers.to if answers else ()), *(answers.cc if answers else ()), *map(_box, added)]
    domain = f"@{settings.MAIL_DOMAIN}"
    unlike = {
        box.address: box
        for box in people
        if box.address != writer.address and not box.address.endswith(domain)
    }
    author = answers.sender.address if answers and answers.sender else ""
    return tuple(box for box in unlike.values() if box.address != author)


def _html(text: str) -> str:
    paragraphs = text.strip().split("\n\n")
    return "".join(f"<p>{escape(paragraph)}</p>".replace("\n", "<br>") for paragraph in paragraphs)
