"""Pictures that a received mail shows from elsewhere: fetched when an advisor asks, then kept for a while."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Sum

from emailhub import store
from emailhub.accounts.models import Advisor
from emailhub.egress.pictures import NoPictureError, fetch_picture

from .models import Message, RemotePicture, ShownSender
from .permissions import require_work

_KEPT_FOR = timedelta(days=30)
_MOST_BYTES = 25 * 1024 * 1024  # of one mail's pictures: its sender says how many there are


def remote_picture(message: Message, address: str, *, now: datetime) -> RemotePicture:
    """The mail's picture at this address: as it was first seen, so that its sender hears of one look.

    Raises NoPictureError.
    """
    digest = hashlib.sha256(address.encode()).hexdigest()
    kept = message.remote_pictures.filter(digest=digest).first()
    return kept or _fetch(message, address, digest, now)


def _fetch(message: Message, address: str, digest: str, now: datetime) -> RemotePicture:
    taken = message.remote_pictures.aggregate(Sum("size"))["size__sum"] or 0
    if taken >= _MOST_BYTES:
        raise NoPictureError("this mail has shown too much")
    picture = fetch_picture(address)
    row, _is_new = RemotePicture.objects.get_or_create(
        company_id=message.company_id,
        message=message,
        digest=digest,
        defaults={
            "content_key": store.put(message.company_id, picture.content),
            "content_type": picture.content_type,
            "size": len(picture.content),
            "fetched_at": now,
        },
    )
    return row


def show_always(message: Message, *, by: Advisor, now: datetime) -> None:
    """Show the team the pictures of whom this mail is from without being asked. Raises NotAllowedError."""
    require_work(by, message.ticket)
    if message.sender_address:
        ShownSender.objects.get_or_create(
            company_id=message.company_id,
            team_id=message.ticket.team_id,
            address=message.sender_address,
            defaults={"by": by, "at": now},
        )


def ask_again(message: Message, *, by: Advisor) -> None:
    """Block the pictures of whom this mail is from until somebody asks. Raises NotAllowedError."""
    require_work(by, message.ticket)
    ShownSender.objects.filter(team_id=message.ticket.team_id, address=message.sender_address).delete()


def are_shown() -> Q:
    """Of an activity: whether the pictures of its mail are shown unasked; not if its sender may be false."""
    senders = ShownSender.objects.filter(
        team_id=OuterRef("ticket__team_id"), address=OuterRef("message__sender_address")
    )
    return Q(Exists(senders), message__verdict__in=[Message.Verdict.PASS, Message.Verdict.NONE])


def forget_pictures(message_ids: Collection[int]) -> None:
    """Delete what these mails showed."""
    RemotePicture.objects.filter(message__in=message_ids).delete()


def forget_senders(company_id: int, addresses: Collection[str]) -> None:
    """Delete that their pictures are shown, in all teams."""
    ShownSender.objects.filter(company_id=company_id, address__in=addresses).delete()


def forget_old(company_id: int, *, now: datetime) -> None:
    """Delete pictures that were fetched long ago. Who asks again has them fetched again."""
    RemotePicture.objects.filter(company_id=company_id, fetched_at__lt=now - _KEPT_FOR).delete()
