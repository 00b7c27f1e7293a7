"""/attachments/<id>/mail/: a mail that is attached to a mail, opened in place like the mail itself."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emailhub import mail, store
from emailhub.intake.reading import UnreadableError, read_mail

from ..access import readable_attachment
from ..bodies import RASTER
from ..frames import frame_mail, frame_response
from ..moments import full_moment
from ..requests import AdvisorRequest

_LARGEST = 10_000_000  # octets; larger ones are downloaded
_MOST_PICTURES = 5_000_000  # octets of all pictures shown in place


@require_safe
def attached_mail(request: AdvisorRequest, public_id: UUID) -> HttpResponse:
    """The document of its frame, made safe and under the same policy. It is read in a child under limits."""
    file = readable_attachment(request, public_id)
    if file.content_type != "message/rfc822" or file.size > _LARGEST:
        raise Http404
    try:
        message = read_mail(store.get(file.company_id, file.content_key), failed_before=True).message
    except UnreadableError as error:
        raise Http404 from error
    return frame_response(frame_mail(message, cid=_pictures(message), heading=_heading(message)))


def _heading(message: mail.Message) -> SafeString:
    """Who wrote it to whom, when and about what, and the names of its files."""
    facts = [
        (_("From"), _names([message.sender] if message.sender else [])),
        (_("To"), _names(message.to)),
        (_("CC"), _names(message.cc)),
        (_("Date"), full_moment(message.date) if message.date else ""),
        (_("Subject"), message.subject),
        (_("Attachments"), ", ".join(file.filename for file in message.attachments if not file.inline)),
    ]
    lines = format_html_join("", "<div><b>{}:</b> {}</div>", (fact for fact in facts if fact[1]))
    return format_html("{}<hr>", lines)


def _names(people: list[mail.Mailbox] | tuple[mail.Mailbox, ...]) -> str:
    return ", ".join(f"{box.name} <{box.address}>".strip() for box in people)


def _pictures(message: mail.Message) -> dict[str, str]:
    """The mail's own pictures in the document itself: they have no address of their own."""
    left, pictures = _MOST_PICTURES, {}
    for file in message.attachments:
        if file.inline and file.content_id and file.content_type in RASTER and file.size <= left:
            left -= file.size
            pictures[file.content_id] = f"data:{file.content_type};base64,{b64encode(file.content).decode()}"
    return pictures
