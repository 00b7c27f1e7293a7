"""What pages say of files that leave as links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emailhub.desk.errors import TooLargeError
from emailhub.desk.linked_files import good_until, is_good, too_large_to_attach
from emailhub.desk.models import Attachment


@dataclass(frozen=True)
class LinkState:
    """Of a file that left as a link."""

    words: str
    is_good: bool
    downloads: str


def link_state(file: Attachment) -> LinkState:
    """How it stands now, and how often the file was taken."""
    times = ngettext("downloaded %(n)s time", "downloaded %(n)s times", file.downloads)
    downloads = times % {"n": file.downloads} if file.downloads else _("not downloaded yet")
    good = is_good(file, now=timezone.now())
    return LinkState(_words(file, good=good), good, downloads)


def words_for_composer(now: datetime) -> str:
    """What stands beside a file that the mail has no room for."""
    return _("will be sent as a link until %(date)s") % {"date": _day(good_until(now))}


def leaving_as_links(files: Sequence[Attachment], html: str) -> frozenset[int]:
    """The rows of those that would leave as links; none where the mail would be refused."""
    shown = [file for file in files if str(file.public_id) in html]
    others = [file for file in files if file not in shown]
    try:
        linked = too_large_to_attach(others, beside=sum(file.size for file in shown))
    except TooLargeError:
        return frozenset()
    return frozenset(file.pk for file in linked)


def _words(file: Attachment, *, good: bool) -> str:
    if good and file.linked_until:
        return _("sent as a link until %(date)s") % {"date": _day(file.linked_until)}
    if file.link_ended_at:
        return _("link ended on %(date)s") % {"date": _day(file.link_ended_at)}
    return _("link expired")


def _day(at: datetime) -> str:
    return format_date(timezone.localtime(at), "DATE_FORMAT")
