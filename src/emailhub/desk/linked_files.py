"""Files that are too large for a mail: they leave as links, each good for some weeks.

A link is a signature over the file's random id: nobody can guess one, and nothing is kept that opens it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.template.defaultfilters import date as format_date
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor
from emailhub.accounts.tenancy import company

from .errors import TooLargeError
from .models import Activity, Attachment, Ticket
from .permissions import require_work

SALT = "emailhub.desk.linked_files"
MARK = "<div data-linked-files"  # by which a mail's block of links is found again
_BLOCK = MARK + (
    ' style="margin:16px 0;padding:12px 16px;border:1px solid #c8c8c8;border-radius:6px">'
    '<div style="font-weight:bold">{}</div>{}</div>'
)
_LINE = '<div style="margin-top:8px">{} ({})<br><a href="{}">{}</a></div>'
_MOST = 500  # rows in one transaction


def good_until(sent_at: datetime) -> datetime:
    """Until when the links of a mail are good that leaves then."""
    return sent_at + timedelta(days=settings.LINKED_FILE_DAYS)


def too_large_to_attach(files: Sequence[Attachment], *, beside: int = 0) -> list[Attachment]:
    """Those of these files that leave as links: each that does not fit beside those before it.

    `beside` is the size of what the mail holds in any case. Raises TooLargeError where that is too much
    already, or a file is too large for a link.
    """
    if beside > settings.MAX_ATTACHMENTS_SIZE:
        raise TooLargeError(beside, settings.MAX_ATTACHMENTS_SIZE)
    linked, attached = [], beside
    for file in files:
        if attached + file.size <= settings.MAX_ATTACHMENTS_SIZE:
            attached += file.size
        elif file.size <= settings.MAX_LINKED_FILE_SIZE:
            linked.append(file)
        else:
            raise TooLargeError(attached + file.size, settings.MAX_ATTACHMENTS_SIZE)
    return linked


def link_to(file: Attachment) -> str:
    """The address by which somebody outside gets the file."""
    token = signing.Signer(salt=SALT).sign_object([file.company_id, str(file.public_id)])
    return f"{settings.URL}{reverse('linked_file', args=[token])}"


def words_of_links(files: Sequence[Attachment], ticket: Ticket, *, until: datetime) -> tuple[str, str]:
    """What a mail says of its links, as HTML and as the text that says the same, for the customer."""
    if not files:
        return "", ""
    with translation.override(ticket.contact.language or ticket.company.language):
        title = _("Files to download until %(date)s") % {"date": last_day(until, ticket)}
        rows = [(file.filename, filesizeformat(file.size), link_to(file)) for file in files]
        lines = format_html_join("", _LINE, ((*row, _("Download")) for row in rows))
        html = format_html(_BLOCK, title, lines)
    text = "\n".join(f"- {name} ({size})\n  {link}" for name, size, link in rows)
    return html, f"{title}:\n{text}"


def last_day(until: datetime, ticket: Ticket) -> str:
    """The day in the team's time zone, in the language that is spoken now."""
    return format_date(timezone.localtime(until, ZoneInfo(ticket.team.zone_name)), "DATE_FORMAT")


def mark_as_linked(files: Sequence[Attachment], *, until: datetime) -> None:
    """From now on their links are good."""
    ids = [file.pk for file in files]
    Attachment.objects.filter(pk__in=ids).update(linked_until=until, link_ended_at=None, downloads=0)


def linked_file(token: str) -> Attachment:
    """The file that a link was made for, good or not any more. Inside its company, or outside of all.

    Raises signing.BadSignature, Attachment.DoesNotExist.
    """
    company_id, public_id = signing.Signer(salt=SALT).unsign_object(token)
    with company(company_id):
        sent = Attachment.objects.filter(activity__kind=Activity.Kind.SENT, linked_until__isnull=False)
        found: Attachment = sent.select_related("company", "ticket__team").get(public_id=UUID(public_id))
        return found


def is_good(file: Attachment, *, now: datetime) -> bool:
    """Whether the link of a file opens it."""
    until = file.linked_until
    return until is not None and now < until and file.link_ended_at is None and bool(file.content_key)


def count_download(file: Attachment) -> None:
    """Somebody outside takes the file."""
    with company(file.company_id):
        Attachment.objects.filter(pk=file.pk).update(downloads=F("downloads") + 1)


def end_link(file: Attachment, *, by: Advisor, now: datetime) -> None:
    """Let nobody outside have the file any more. The team still has it until the link's time is over.

    Raises NotAllowedError.
    """
    if file.ticket is not None:
        require_work(by, file.ticket)
    Attachment.objects.filter(pk=file.pk, link_ended_at=None).update(link_ended_at=now)


def forget_expired_files(company_id: int, *, now: datetime) -> None:
    """Name the bytes no more whose links are over; the clean-up of the store deletes what nothing names."""
    over = Attachment.objects.filter(company_id=company_id, linked_until__lt=now).exclude(content_key="")
    ids = list(over.order_by("pk").values_list("pk", flat=True)[:_MOST])
    Attachment.objects.filter(pk__in=ids).update(content_key="")
