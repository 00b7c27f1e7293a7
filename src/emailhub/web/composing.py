"""What the composer shows, and what it sends, as values."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts.models import Advisor, Team
from emailhub.desk import recipients
from emailhub.desk.answer import Answer
from emailhub.desk.body import signature_applies
from emailhub.desk.drafts import load_drafts, state_of
from emailhub.desk.errors import CannotSendError, NoAddressError, TooComplexTextError
from emailhub.desk.models import Attachment, Contact, Draft, Message, Ticket
from emailhub.desk.permissions import may_work_on
from emailhub.desk.recipients import as_text
from emailhub.desk.uploads import own_uploads
from emailhub.hub.models import HubAddress
from emailhub.mail import Mailbox

from .offers import Offer, offers_of


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


@dataclass(frozen=True)
class Composer:
    """The foot of All activity. `why_not_email` says why no e-mail can be written, where it cannot."""

    channel: str
    email: EmailForm | None
    sender: str | None  # the address that it leaves with
    note: EmailForm
    why_not_email: str
    lacks_address: bool  # the remedy is beside the reason: add one to the contact
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


def composer_for(ticket: Ticket, advisor: Advisor, query: QueryDict) -> Composer | None:
    """The composer of a ticket, or None where the advisor may only read."""
    if not may_work_on(advisor, ticket):
        return None
    drafts = load_drafts(ticket, advisor)
    draft = drafts.get("email")
    proposal, why_not = _proposal(ticket, query)
    email = _email_form(ticket, advisor, draft, proposal, query) if proposal else None
    asked = query.get("channel", "")
    channel = asked if asked in ("email", "note") else "email"
    return Composer(
        channel=channel if email else "note",
        email=email,
        sender=proposal.sender if proposal else None,
        note=_note_form(advisor, drafts.get("note")),
        why_not_email=str(why_not or ""),
        lacks_address=isinstance(why_not, NoAddressError),
        signature=advisor.signature,
        own=" ".join(proposal.own) if proposal else "",
        key=uuid.uuid4(),
        note_key=uuid.uuid4(),
        seen=ticket.last_activity_id,
        saved_at=draft.updated_at if draft else None,
        max_bytes=settings.MAX_ATTACHMENTS_SIZE,
        customer=ticket.contact.name,
        draft_state=state_of(draft),
        note_state=state_of(drafts.get("note")),
    )


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
        lacks_address=False,
        signature=advisor.signature,
        own=_addresses_of(teams[0]) if len(teams) == 1 else "",
        key=uuid.uuid4(),
        note_key=uuid.uuid4(),
        seen=0,
        saved_at=None,
        max_bytes=settings.MAX_ATTACHMENTS_SIZE,
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
    if draft is not None:
        chosen = _addressed_anew(proposal) if query.get("reply_to") else {}
        return _from_fields({**draft.fields, **chosen}, advisor, ticket, proposal)
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
    return _addressed_anew(proposal)


def _addressed_anew(proposal: recipients.Proposal) -> dict[str, object]:
    """Whom to write to and what about; what has been written stays."""
    return {
        "to": as_text(proposal.to),
        "cc": as_text(proposal.cc),
        "bcc": "",
        "subject": proposal.subject,
        "answers": proposal.answers.pk if proposal.answers else None,
    }


def _answered(ticket: Ticket, query: QueryDict) -> Message | None:
    chosen = query.get("reply_to", "")
    if not chosen.isdecimal():
        return None
    return recipients.mails_of(ticket).filter(activity_id=int(chosen)).first()


def _from_fields(
    fields: dict[str, object], advisor: Advisor, ticket: Ticket, proposal: recipients.Proposal
) -> EmailForm:
    chosen = fields.get("signature")
    proposed = signature_applies(ticket, advisor, proposal.identity)
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
        files=_files(advisor, fields.get("attachments")),
        offers=offers_of(proposal, to, cc, bcc),
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


def read_ids(values: Iterable[object]) -> list[uuid.UUID]:
    """The ids among the posted values; what is none is left out."""
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(str(value)))
        except ValueError:
            continue
    return found


def read_key(post: QueryDict) -> uuid.UUID:
    """The form's own key; one without it was not made by us and gets a new one."""
    keys = read_ids([post.get("key", "")])
    return keys[0] if keys else uuid.uuid4()


def read_html(post: QueryDict) -> str:
    """What was written: the rich editor's HTML, or the plain text with its lines kept.

    Raises TooComplexTextError.
    """
    html = post.get("html", "")
    if mail.is_too_complex(html):
        raise TooComplexTextError
    return html or linebreaks(escape(post.get("text", "")))


def read_people(text: str) -> tuple[Mailbox, ...]:
    """The people of an address field. What cannot be read comes as an address that the desk refuses."""
    people = tuple(mail.read_mailboxes(text))
    if None in people or (text.strip() and not people):
        return (Mailbox("", text.strip()[:200]),)
    return tuple(person for person in people if person is not None)


def _read_answered(post: QueryDict) -> int | None:
    """The id of the message that is answered, if the form names one."""
    answers = post.get("answers", "")
    return int(answers) if answers.isdecimal() else None


def _read_signature(post: QueryDict) -> bool | None:
    """Whether the writer chose it otherwise than proposed. None: by the rule, asked again when it is sent."""
    chosen = post.get("signature") == "1"
    return None if chosen == (post.get("signature_proposed") == "1") else chosen


_THEN = {"wait": Ticket.Status.WAITING, "close": Ticket.Status.CLOSED}


def read_agreed(post: QueryDict) -> set[str]:
    """What the writer has been asked and has agreed to, and how they wanted to send: all in one button."""
    words = {name for name in ("anyway", "sure") if post.get(name)}
    return words.union(*(post.get(name, "").split() for name in ("anyway", "sure", "then"))) - {"1"}


def read_follow_up(post: QueryDict) -> Ticket.Status:
    """What becomes of the ticket when it is sent."""
    agreed = read_agreed(post)
    return next((status for word, status in _THEN.items() if word in agreed), Ticket.Status.OPEN)


def read_seen(post: QueryDict) -> int:
    """The newest activity that the writer saw; 0: they want to send whatever came since."""
    seen = post.get("seen", "")
    return int(seen) if seen.isdecimal() and "anyway" not in read_agreed(post) else 0


def read_answer(post: QueryDict, files: Iterable[Attachment] = ()) -> Answer:
    """The posted form as the desk takes it."""
    return Answer(
        to=read_people(post.get("to", "")),
        cc=read_people(post.get("cc", "")),
        bcc=read_people(post.get("bcc", "")),
        subject=" ".join(post.get("subject", "").split())[:998] or _("(no subject)"),
        html=read_html(post),
        key=read_key(post),
        attachment_ids=(*read_ids(post.getlist("attachments")), *(file.public_id for file in files)),
        answers=_read_answered(post),
        signature=_read_signature(post),
        then=read_follow_up(post),
        seen=read_seen(post),
        based_on=post.get("based_on"),
    )


def draft_fields(post: QueryDict) -> dict[str, object]:
    """The fields that a draft keeps."""
    fields: dict[str, object] = {
        name: post[name] for name in ("to", "cc", "bcc", "subject", "text", "html") if name in post
    }
    fields["attachments"] = [str(id) for id in read_ids(post.getlist("attachments"))]
    fields["answers"] = _read_answered(post)
    fields["signature"] = _read_signature(post)
    return fields
