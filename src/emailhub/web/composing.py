"""What the composer shows, as values. What it sends is read in `posted`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import ngettext

from emailhub import mail
from emailhub.accounts.models import Advisor, Team
from emailhub.desk import recipients
from emailhub.desk.body import signature_applies
from emailhub.desk.channels import Channel, Remedy, chats_of, default_of, email_of
from emailhub.desk.drafts import load_drafts, state_of
from emailhub.desk.errors import CannotSendError, NoAddressError
from emailhub.desk.models import Attachment, Contact, Draft, Message, Ticket
from emailhub.desk.permissions import may_work_on
from emailhub.desk.recipients import as_text
from emailhub.desk.uploads import own_uploads
from emailhub.hub.models import HubAddress
from emailhub.mail import Mailbox

from .channel_menu import ChatForm, Entry, chat_forms, menu_of
from .link_words import leaving_as_links, words_for_composer
from .offers import Offer, offers_of
from .posted import read_ids
from .send_times import send_offers
from .snooze_times import Offer as Time


@dataclass(frozen=True)
class EmailForm:
    """The fields of an e-mail as they stand: proposed, from the draft, or as posted and refused."""

    to: str
    cc: str
    bcc: str
    subject: str
    text: str
    html: str
    signature: bool
    signature_proposed: bool
    answers: int | None
    files: list[Attachment]
    offers: tuple[Offer, ...] = ()
    hidden_author: Mailbox | None = None
    forwards: int | None = None
    forwarded: str = ""  # what is passed on, in words
    as_links: frozenset[int] = frozenset()  # of the files, by their rows: those that the mail has no room for


@dataclass(frozen=True)
class Composer:
    """The foot of All activity. `why_not_email` says why no e-mail can be written, where it cannot."""

    channel: str
    email: EmailForm | None
    sender: str | None  # the address that it leaves with
    note: EmailForm
    why_not_email: str
    lacks_way: bool  # the remedy is beside the reason: add an address or a number to the contact
    signature: str
    own: str
    key: uuid.UUID
    note_key: uuid.UUID
    seen: int
    saved_at: datetime | None
    max_bytes: int
    customer: str
    draft_state: str = ""  # of the drafts that the forms go on from
    note_state: str = ""
    customers: str = "email"  # the channel to the customer that is offered; empty: there is none
    menu: tuple[Entry, ...] = ()
    chats: tuple[ChatForm, ...] = ()
    zone: str = ""  # the team's time zone, by whose clock mails leave later
    later: tuple[Time, ...] = ()  # the times at which an e-mail can leave by one press
    max_linked: int = 0  # bytes of a file that leaves as a link; 0: none does
    link_words: str = ""  # what stands beside such a file

    @property
    def customers_entry(self) -> Entry | None:
        return next((entry for entry in self.menu if entry.name == self.customers), None)


def composer_for(ticket: Ticket, advisor: Advisor, query: QueryDict) -> Composer | None:
    """The composer of a ticket, or None where the advisor may only read."""
    if not may_work_on(advisor, ticket):
        return None
    drafts = load_drafts(ticket, advisor)
    draft = drafts.get("email")
    proposal, why_not = _proposal(ticket, query)
    email = _email_form(ticket, advisor, draft, proposal, query) if proposal else None
    channels = _channels(ticket, advisor, why_not)
    chats = chat_forms(channels, advisor, drafts, proposal.cc if proposal else ())
    customers = default_of(ticket, channels) or ""
    zone = ticket.team.time_zone or advisor.company.time_zone
    return Composer(
        channel=_chosen(query.get("channel", ""), channels) or customers or "note",
        customers=customers,
        menu=menu_of(channels, ticket, email.to.replace('"', "") if email else ""),
        chats=chats,
        zone=zone,
        later=tuple(send_offers(zone, now=timezone.now())),
        email=email,
        sender=proposal.sender if proposal else None,
        note=_note_form(advisor, drafts.get("note")),
        why_not_email=str(why_not or ""),
        lacks_way=any(channel.remedy in (Remedy.ADD_EMAIL, Remedy.ADD_PHONE) for channel in channels),
        signature=advisor.signature,
        own=" ".join(proposal.own) if proposal else "",
        key=uuid.uuid4(),
        note_key=uuid.uuid4(),
        seen=ticket.last_activity_id,
        saved_at=draft.updated_at if draft else None,
        max_bytes=settings.MAX_ATTACHMENTS_SIZE,
        max_linked=settings.MAX_LINKED_FILE_SIZE,
        link_words=words_for_composer(timezone.now()),
        customer=ticket.contact.name,
        draft_state=state_of(draft),
        note_state=state_of(drafts.get("note")),
    )


def _channels(ticket: Ticket, advisor: Advisor, why_not_email: CannotSendError | None) -> list[Channel]:
    email = email_of(why_not_email)
    return [*chats_of(ticket, advisor, now=timezone.now()), *([email] if email else ())]


def _chosen(asked: str, channels: Sequence[Channel]) -> str:
    """The channel that an address asks for, if it can be used."""
    usable = {"note", *(str(channel.name) for channel in channels if channel.enabled)}
    return asked if asked in usable else ""


def new_composer(advisor: Advisor, contact: Contact | None, teams: Sequence[Team]) -> Composer:
    """The composer of the page on which a ticket is opened. Unassigned as yet, it will be the writer's.

    Where several teams may send it, the desk refuses the chosen one's own addresses, not the page.
    """
    address = contact.primary_email() if contact else ""
    form = EmailForm(
        to=as_text([Mailbox(contact.name, address)]) if contact and address else "",
        cc="",
        bcc="",
        subject="",
        text="",
        html="",
        signature=True,
        signature_proposed=True,
        answers=None,
        files=[],
    )
    return Composer(
        channel="email",
        email=form,
        sender=None,
        note=form,
        why_not_email="",
        lacks_way=False,
        signature=advisor.signature,
        own=_addresses_of(teams[0]) if len(teams) == 1 else "",
        key=uuid.uuid4(),
        note_key=uuid.uuid4(),
        seen=0,
        saved_at=None,
        max_bytes=settings.MAX_ATTACHMENTS_SIZE,
        max_linked=settings.MAX_LINKED_FILE_SIZE,
        link_words=words_for_composer(timezone.now()),
        customer=contact.name if contact else "",
    )


def _addresses_of(team: Team) -> str:
    return " ".join(HubAddress.objects.filter(team=team).values_list("address", flat=True))


def _proposal(ticket: Ticket, query: QueryDict) -> tuple[recipients.Proposal | None, CannotSendError | None]:
    """What an e-mail starts with, or why none can be written."""
    only_author = query.get("only_author") == "1"
    try:
        return recipients.propose(ticket, answers=_answered(ticket, query), only_author=only_author), None
    except CannotSendError as error:
        return None, error


def _email_form(
    ticket: Ticket, advisor: Advisor, draft: Draft | None, proposal: recipients.Proposal, query: QueryDict
) -> EmailForm:
    asked = addressed_anew(ticket, proposal, query) if query.get("reply_to") or query.get("forward") else {}
    if draft is not None or asked:
        return _from_fields({**(draft.fields if draft else {}), **asked}, advisor, ticket, proposal)
    proposed = signature_applies(ticket, advisor, proposal.identity)
    return EmailForm(
        to=as_text(proposal.to),
        cc=as_text(proposal.cc),
        bcc="",
        subject=proposal.subject,
        text="",
        html="",
        signature=proposed,
        signature_proposed=proposed,
        answers=proposal.answers.pk if proposal.answers else None,
        files=[],
        offers=offers_of(proposal, as_text(proposal.to), as_text(proposal.cc)),
        hidden_author=proposal.hidden_author,
    )


def addresses_for(ticket: Ticket, query: QueryDict) -> dict[str, object]:
    """The fields by which the form of a ticket goes on to answer one message. Raises CannotSendError."""
    proposal, why_not = _proposal(ticket, query)
    if proposal is None:
        raise why_not or NoAddressError
    return addressed_anew(ticket, proposal, query)


def addressed_anew(ticket: Ticket, proposal: recipients.Proposal, query: QueryDict) -> dict[str, object]:
    """Whom to write to and what about; what has been written stays."""
    if (message := _message_of(ticket, query.get("forward", ""))) is not None:
        subject = mail.forward_subject(message.subject)
        fields = {"to": "", "cc": "", "bcc": "", "subject": subject, "answers": None, "forwards": message.pk}
        return {**fields, "forwarded": _in_words(message)}
    return {
        "forwards": None,
        "forwarded": "",
        "to": as_text(proposal.to),
        "cc": as_text(proposal.cc),
        "bcc": "",
        "subject": proposal.subject,
        "answers": proposal.answers.pk if proposal.answers else None,
    }


def _answered(ticket: Ticket, query: QueryDict) -> Message | None:
    return _message_of(ticket, query.get("reply_to", ""))


def _message_of(ticket: Ticket, activity_id: str) -> Message | None:
    if not activity_id.isdecimal():
        return None
    return recipients.mails_of(ticket).filter(activity_id=int(activity_id)).first()


def _in_words(message: Message) -> str:
    """What is passed on: whose mail, with how many files."""
    files = message.activity.attachments.filter(is_inline=False, linked_until=None).count()
    words = ngettext(
        "Forwards the email of %(who)s with %(n)s file",
        "Forwards the email of %(who)s with %(n)s files",
        files,
    )
    return words % {"who": message.sender_name or message.sender_address, "n": files}


def _forwarded_by(fields: dict[str, object], ticket: Ticket) -> Message | None:
    chosen = fields.get("forwards")
    return recipients.mails_of(ticket).filter(pk=chosen).first() if isinstance(chosen, int) else None


def _from_fields(
    fields: dict[str, object], advisor: Advisor, ticket: Ticket, proposal: recipients.Proposal
) -> EmailForm:
    chosen = fields.get("signature")
    files = _files(advisor, fields.get("attachments"))
    proposed = signature_applies(ticket, advisor, proposal.identity)
    passed_on = _forwarded_by(fields, ticket)
    to = str(fields.get("to", as_text(proposal.to)))
    cc, bcc = (str(fields.get(name, "")) for name in ("cc", "bcc"))
    return EmailForm(
        to=to,
        cc=cc,
        bcc=bcc,
        subject=str(fields.get("subject", proposal.subject)),
        text=str(fields.get("text", "")),
        html=str(fields.get("html", "")),
        signature=proposed if chosen is None else bool(chosen),
        signature_proposed=proposed,
        answers=_answered_by(fields, ticket, proposal),
        files=files,
        as_links=leaving_as_links(files, str(fields.get("html", ""))),
        offers=() if passed_on else offers_of(proposal, to, cc, bcc),
        forwards=passed_on.pk if passed_on else None,
        forwarded=_in_words(passed_on) if passed_on else "",
        hidden_author=proposal.hidden_author,
    )


def _answered_by(fields: dict[str, object], ticket: Ticket, proposal: recipients.Proposal) -> int | None:
    """The message that the draft answers; the proposed one where it names none that is still there."""
    proposed = proposal.answers.pk if proposal.answers else None
    chosen = fields.get("answers")
    if not isinstance(chosen, int) or chosen == proposed:
        return proposed
    return chosen if recipients.mails_of(ticket).filter(pk=chosen).exists() else proposed


def _note_form(advisor: Advisor, draft: Draft | None) -> EmailForm:
    fields = draft.fields if draft else {}
    return EmailForm(
        to="",
        cc="",
        bcc="",
        subject="",
        text=str(fields.get("text", "")),
        html=str(fields.get("html", "")),
        signature=False,
        signature_proposed=False,
        answers=None,
        files=_files(advisor, fields.get("attachments")),
    )


def _files(advisor: Advisor, ids: object) -> list[Attachment]:
    wanted = read_ids(ids if isinstance(ids, list) else [])
    return own_uploads(advisor, wanted) if wanted else []
