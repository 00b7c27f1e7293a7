"""One delivery as its page shows it: the mail, what became of it and why, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, may_release_held, may_see_held
from emailhub.hub.identity import identity_of
from emailhub.intake.accounting import deliveries_of
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.preview import GoneError, UnreadableError, read_stored
from emailhub.intake.texts import CHANNEL as TEXTING

from .bodies import linked
from .frames import frame_mail, frame_pieces
from .received_words import FATES, FateWords, ReasonWords, reason_words
from .requests import AdvisorRequest
from .traces import TraceLine, trace_lines

Outcome = ReceivedMessage.Outcome


@dataclass(frozen=True)
class ReceivedFile:
    """An attachment of a mail that is on no ticket."""

    filename: str
    size: int
    is_image: bool


@dataclass(frozen=True)
class ReceivedPage:
    """What is shown of a delivery. Without a message its bytes are gone, or cannot be read."""

    row: ReceivedMessage
    fate: FateWords
    reason: ReasonWords | None
    trace: list[TraceLine]
    message: mail.Message | None
    files: list[ReceivedFile]
    may_decide: bool  # release, discard, restore
    may_make_rules: bool
    deleted_on: datetime | None

    @property
    def is_held(self) -> bool:
        return self.row.outcome == Outcome.HELD and self.row.discarded_at is None

    @property
    def is_ignored(self) -> bool:
        return self.row.outcome == Outcome.IGNORED and self.row.discarded_at is None

    @property
    def is_discarded(self) -> bool:
        return self.row.discarded_at is not None


def find_received(request: AdvisorRequest, received_id: int) -> ReceivedMessage:
    """The delivery: 404 where it is none of the advisor's teams', 403 to who may only read tickets."""
    advisor = request.advisor
    row = ReceivedMessage.objects.filter(company_id=advisor.company_id, pk=received_id).first()
    if row is None or row.team_id is None:
        raise Http404
    team = next((team for team in advisor.readable_teams() if team.id in _owners(row)), None)
    if team is None:
        raise Http404
    if not may_see_held(advisor, team):
        raise PermissionDenied
    return deliveries_of(team).get(pk=received_id)


def _owners(row: ReceivedMessage) -> set[int]:
    """The team that received it, or the heir of a deleted one."""
    assert row.team is not None
    return {row.team.heir_id or row.team.id}


def build_received_page(row: ReceivedMessage, advisor: Advisor) -> ReceivedPage:
    """The page of a delivery as this advisor sees it."""
    team = row.team
    assert team is not None
    team = team.heir or team
    message = _read(row)
    is_kept = row.outcome in (Outcome.HELD, Outcome.IGNORED) and row.purged_at is None
    return ReceivedPage(
        row=row,
        fate=FATES[row.outcome or row.state],
        reason=reason_words(row.reason) if row.outcome == Outcome.HELD else None,
        trace=trace_lines(row.trace),
        message=message,
        files=_files(message),
        may_decide=may_release_held(advisor, team),
        may_make_rules=may_manage(advisor, team),
        deleted_on=_kept_until(row, team) if is_kept else None,
    )


def _kept_until(row: ReceivedMessage, team: Team) -> datetime | None:
    identity = identity_of(team)
    return row.received_at + timedelta(days=identity.keep_held_days) if identity else None


def frame_of_received(row: ReceivedMessage) -> str:
    """The document of the frame that shows it: made safe, without pictures that lie elsewhere."""
    message = _read(row)
    if message is None:
        return frame_pieces(linked(_("This email cannot be shown. Its bytes can be downloaded.")))
    return frame_mail(message)


def _read(row: ReceivedMessage) -> mail.Message | None:
    """The mail; None for what is none (a text message is on its ticket), is gone or cannot be read."""
    if row.channel == TEXTING:
        return None
    try:
        return read_stored(row)
    except (GoneError, UnreadableError):
        return None


def _files(message: mail.Message | None) -> list[ReceivedFile]:
    attachments = message.attachments if message else ()
    return [
        ReceivedFile(file.filename, file.size, file.content_type.startswith("image/")) for file in attachments
    ]
