"""/webhooks/mail/1/7/: POST hands in one raw mail. Nothing has an effect before its signature was checked."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from emailhub import mail
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection
from emailhub.hub.addresses import Route
from emailhub.hub.models import HubAddress
from emailhub.intake.accept import accept, route_for
from emailhub.intake.fetched import return_path_of
from emailhub.store.sealing import SealedElsewhereError

from .signatures import AHEAD_OR_LATE, Signature, is_fresh

CHANNEL = "webhook"
_BLOCK = 64 * 1024
_MOST_RECIPIENTS = 100
_BARE_LF = re.compile(rb"(?<!\r)\n")


class RefusedError(Exception):
    """The mail is not taken. `status` is HTTP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@csrf_exempt
@login_not_required
@require_POST
def raw_mail(request: HttpRequest, company_id: int, connection_id: int) -> HttpResponse:
    """202 says that the mail is ours: neither a crash nor a power cut loses it. The same one twice is one."""
    now = timezone.now()
    try:
        connection = _connection(company_id, connection_id)
        signature, content = _read(request, connection, now)
        deliveries = _take(request, connection, signature, content, now)
    except RefusedError as error:
        return JsonResponse({"error": str(error)}, status=error.status)
    return JsonResponse({"accepted": deliveries}, status=202)


def _connection(company_id: int, connection_id: int) -> Connection:
    """An unknown one is told as a wrong signature is: nobody learns which there are."""
    if max(company_id, connection_id) >= 2**31:
        raise RefusedError(403, "the signature is not right")
    with company(company_id):
        rows = Connection.objects.filter(pk=connection_id, kind=Connection.Kind.WEBHOOK)
        found = rows.exclude(state=Connection.State.OFF).first()
    if found is None:
        raise RefusedError(403, "the signature is not right")
    return found


def _read(request: HttpRequest, connection: Connection, now: datetime) -> tuple[Signature, bytes]:
    """The mail, in blocks, never more than is taken in. Raises RefusedError."""
    timestamp = request.headers.get("X-EmailHub-Timestamp", "")
    if not is_fresh(timestamp, now):
        raise RefusedError(403, "the timestamp is not of these minutes")
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > settings.MAX_MESSAGE_SIZE:
        raise RefusedError(413, "the mail is too large")
    signature = Signature(_secret(connection), timestamp, _sender(request), _recipients(request))
    content = bytearray()
    while block := request.read(_BLOCK):
        signature.add(block)
        content += block
        if len(content) > settings.MAX_MESSAGE_SIZE:
            raise RefusedError(413, "the mail is too large")
    if not signature.matches(request.headers.get("X-EmailHub-Signature", "")):
        raise RefusedError(403, "the signature is not right")
    if not content:
        raise RefusedError(400, "there is no mail")
    return signature, bytes(content)


def _secret(connection: Connection) -> str:
    try:
        return str(connection.secrets["secret"])
    except SealedElsewhereError as error:
        raise RefusedError(503, "the secret cannot be read any more") from error


def _take(
    request: HttpRequest, connection: Connection, signature: Signature, content: bytes, now: datetime
) -> int:
    """Accept it, unless this very request was answered before and only the answer got lost."""
    once = f"webhook {connection.pk} {signature.text}"
    if known := cache.get(once):
        return int(known)
    routes = _routes(connection, _recipients(request))
    raw = _BARE_LF.sub(b"\r\n", content)
    mail_from = _sender(request) or return_path_of(raw)
    with company(connection.company_id):
        deliveries = len(accept(channel=CHANNEL, content=raw, mail_from=mail_from, routes=routes))
        Connection.objects.filter(pk=connection.pk).exclude(state=Connection.State.OFF).update(
            last_in_at=now, state=Connection.State.WORKING, problem="", failing_since=None
        )
    cache.set(once, deliveries, 2 * AHEAD_OR_LATE.total_seconds())
    return deliveries


def _routes(connection: Connection, recipients: str) -> list[Route]:
    """To the team's own addresses; without any named, to the team. Raises RefusedError."""
    named = [mail.normal_address(each.strip()) for each in recipients.split(",") if each.strip()]
    if not named:
        with company(connection.company_id):
            usual = (
                HubAddress.objects.filter(team_id=connection.team_id or 0)
                .order_by("-is_sender", "-id")
                .first()
            )
        named = [usual.address] if usual else []
    found = [route_for(address) if address else None for address in named[:_MOST_RECIPIENTS]]
    mine = [route for route in found if route and route.team_id == connection.team_id]
    if not mine or len(mine) != len(named):
        raise RefusedError(422, "a recipient is no address of the team")
    return mine


def _sender(request: HttpRequest) -> str:
    return request.headers.get("X-EmailHub-Sender", "").strip()[:320]


def _recipients(request: HttpRequest) -> str:
    return request.headers.get("X-EmailHub-Recipients", "").strip()
