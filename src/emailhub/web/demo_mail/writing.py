"""What one writes as a customer: the form's beginning, and the finished mail that it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts.models import Company
from emailhub.delivery.outcomes import FinishedMail
from emailhub.desk.recipients import as_text
from emailhub.hub.models import HubAddress
from emailhub.mail import Attachment, Mailbox

from .files import photo
from .letters import Letter, Program, write
from .mailboxes import Delivered, delivered, person_with

DOMAIN = ".example"  # RFC 2606 2: nobody's
MAX_SIZE = 10 * 1024 * 1024


class CannotWriteError(Exception):
    """Why this letter does not go out, in words for whoever wrote it."""


@dataclass(frozen=True)
class Form:
    """What stands in the fields."""

    to: str = ""
    cc: str = ""
    subject: str = ""
    text: str = ""
    answers: str = ""  # the id of the mail that it answers
    program: str = Program.GMAIL
    automatic: bool = False
    with_photo: bool = False


def fresh() -> Form:
    """An empty letter to the first team."""
    first = HubAddress.objects.filter(is_sender=True).order_by("id").first()
    return Form(to=first.address if first else "")


def answer(shown: Delivered, writer: str, *, to_all: bool, automatic: bool = False) -> Form:
    """A letter that answers a mail, to its author or to all."""
    author = shown.mail.sender or Mailbox("", "")
    others = [*shown.mail.to, *shown.mail.cc] if to_all else []
    return Form(
        to=as_text([author]),
        cc=as_text(box for box in others if box.address not in (writer, author.address)),
        subject=_away(shown) if automatic else mail.reply_subject(shown.mail.subject),
        text=_("I am out of the office until Monday.") if automatic else "",
        answers=str(shown.id),
        automatic=automatic,
    )


def _away(shown: Delivered) -> str:
    return f"{_('Automatic reply')}: {shown.mail.subject}"


def read_form(posted: QueryDict) -> Form:
    return Form(
        to=posted.get("to", ""),
        cc=posted.get("cc", ""),
        subject=posted.get("subject", "")[:500],
        text=posted.get("text", "")[:100_000],
        answers=posted.get("answers", ""),
        program=posted.get("program", Program.GMAIL),
        automatic="automatic" in posted,
        with_photo="photo" in posted,
    )


def finish(form: Form, writer: str, uploads: Iterable[UploadedFile[Any]], company: Company) -> FinishedMail:
    """The mail as it leaves the customer's program. Raises CannotWriteError."""
    to, cc = mail.parse_mailboxes(form.to), mail.parse_mailboxes(form.cc)
    letter = Letter(
        sender=_writer(writer),
        to=tuple(to),
        cc=tuple(cc),
        subject=form.subject,
        text=_checked_text(form.text),
        date=timezone.localtime(),
        program=Program(form.program) if form.program in set(Program) else Program.GMAIL,
        language=company.language,
        answers=delivered(int(form.answers)).mail if form.answers.isdigit() else None,
        photos=(photo("photo.png", "leak"),) if form.with_photo else (),
        files=_read_files(uploads),
        headers=(("Auto-Submitted", "auto-replied"),) if form.automatic else (),
    )
    return FinishedMail(letter.sender.address, _ours((*to, *cc)), write(letter))


def _writer(address: str) -> Mailbox:
    """The demo writes as nobody who could exist."""
    normal = mail.normal_address(address)
    if not (mail.is_sendable(normal) and normal.endswith(DOMAIN)):
        raise CannotWriteError(_("Customers of the demo have addresses that end in .example."))
    return Mailbox(person_with(normal).name, normal)


def _checked_text(text: str) -> str:
    if not text.strip():
        raise CannotWriteError(_("Write something first."))
    return text.replace("\r\n", "\n")


def _read_files(uploads: Iterable[UploadedFile[Any]]) -> tuple[Attachment, ...]:
    files = list(uploads)
    if sum(file.size or 0 for file in files) > MAX_SIZE:
        raise CannotWriteError(_("These files are too large for the demo: 10 MB together at most."))
    return tuple(
        Attachment(
            mail.clean_filename(file.name or ""), file.content_type or "application/octet-stream", file.read()
        )
        for file in files
    )


def _ours(people: Sequence[Mailbox]) -> tuple[str, ...]:
    """Only our teams are on this machine; what other customers get of it, nobody sees."""
    ours = [box.address for box in people if box.domain == settings.MAIL_DOMAIN]
    if not ours:
        words = _("None of these addresses is a team's: they end in @%(domain)s.")
        raise CannotWriteError(words % {"domain": settings.MAIL_DOMAIN})
    return tuple(dict.fromkeys(ours))
