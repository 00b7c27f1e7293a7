"""Where Graph says that something changed. A right secret wakes a worker: nothing else is believed."""

from __future__ import annotations

import json
from typing import Any

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from emailhub.accounts.tenancy import company
from emailhub.delivery.connection_work import look_soon
from emailhub.delivery.models import Connection
from emailhub.store.sealing import SealedElsewhereError

from . import subscriptions
from .account import Account

_MOST = 256 * 1024  # octets of a post
_TOKEN_LIMIT = 2_000
log = structlog.get_logger()


@csrf_exempt
@login_not_required
@require_POST
def notices(request: HttpRequest, company_id: int, connection_id: int) -> HttpResponse:
    """/webhooks/graph/3/7/: changes and life-cycle events of one mailbox's subscription.

    Graph makes sure first that somebody is here (`validationToken`). It learns nothing else: 202 in any case.
    """
    token = request.GET.get("validationToken")
    if token is not None:
        return HttpResponse(token[:_TOKEN_LIMIT], content_type="text/plain; charset=utf-8")
    rows = _rows_in(request)
    if rows:
        _hear(company_id, connection_id, rows)
    return HttpResponse(status=202)


def _rows_in(request: HttpRequest) -> list[dict[str, Any]]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST:
        return []
    try:
        found = json.loads(request.body)["value"]
        return [row for row in found if isinstance(row, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _hear(company_id: int, connection_id: int, rows: list[dict[str, Any]]) -> None:
    with company(company_id):
        connection = Connection.objects.filter(pk=connection_id, kind=Connection.Kind.GRAPH).first()
        if connection is None or connection.state in (Connection.State.NEW, Connection.State.OFF):
            return
        try:
            true = [row for row in rows if subscriptions.is_from_graph(connection, row.get("clientState"))]
        except SealedElsewhereError:
            return
        if not true:
            log.warning("a notice without the secret was ignored", connection=connection_id)
            return
        _do_what_events_ask(connection, {str(row.get("lifecycleEvent", "")) for row in true})
        look_soon(connection_id, now=timezone.now())


def _do_what_events_ask(connection: Connection, events: set[str]) -> None:
    """A removed subscription is made anew by the visit that follows, one that must be renewed is renewed.

    `missed` asks for nothing more than the visit.
    """
    if "subscriptionRemoved" in events:
        subscriptions.forget(Account.of(connection))
    elif "reauthorizationRequired" in events:
        subscriptions.let_expire(Account.of(connection))
