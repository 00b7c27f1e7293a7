"""What a mail carries that is shown as more than a file: an invitation, a signature, a cipher."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from emailhub import mail, store
from emailhub.desk.invitations import CALENDARS, LARGEST
from emailhub.desk.models import Attachment, Message

_TEXTS = ("application/json", "application/xml", "application/x-yaml", "application/sql")
_TEXT_NAMES = ("csv", "eml", "json", "log", "md", "tsv", "txt", "xml", "yaml", "yml")
_LONGEST = 500_000  # octets of a file that is shown as text


def invitation_in(files: Iterable[Attachment]) -> mail.Invitation | None:
    """What the first calendar among the files invites to."""
    for file in files:
        if file.content_type in CALENDARS and file.size <= LARGEST:
            content = store.get(file.company_id, file.content_key)
            if found := mail.invitation(mail.Attachment(file.filename, file.content_type, content)):
                return found
    return None


def is_text(file: Attachment) -> bool:
    """Whether it is offered to be read in place: its sender says that it is text, and it is no book."""
    name = file.filename.rpartition(".")[2].lower()
    says_so = file.content_type.startswith("text/") or file.content_type in _TEXTS or name in _TEXT_NAMES
    return says_so and file.size <= _LONGEST and bool(file.content_key)


def notice_of(message: Message, files: Iterable[Attachment]) -> str:
    """What is to be said of a mail that is encrypted or signed; nothing is verified here."""
    types = {file.content_type for file in files}
    match mail.protection_of(types, message.text, has_html=bool(message.html)):
        case "encrypted":
            return _("This mail is encrypted. EmailHub cannot read it: download the attachment.")
        case "signed":
            return _("This mail is signed by its sender. EmailHub does not check such signatures.")
    return ""
