"""/held/: mail that waits for somebody to decide: who wrote, why it is held, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emailhub import store
from emailhub.desk.models import Message
from emailhub.hub.rule_errors import RuleError
from emailhub.intake.held import HeldError, always_ignore, discard, release, restore, undo_discard
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.preview import UnreadableError

from ..downloads import send_stored
from ..frames import frame_response
from ..held_page import build_held_list, neighbours
from ..received_page import build_received_page, find_received, frame_of_received
from ..requests import AdvisorRequest, intended_method


@require_safe
def held(request: AdvisorRequest) -> HttpResponse:
    """The list; nothing is opened."""
    context = {"list": build_held_list(request.advisor, request.GET), "now": timezone.now()}
    return render(request, "emailhub/held/page.html", context)


@require_safe
def received(request: AdvisorRequest, received_id: int) -> HttpResponse:
    """/held/9/: a delivery beside the list; not only a held one."""
    row = find_received(request, received_id)
    lines = build_held_list(request.advisor, request.GET)
    above, below = neighbours(lines.lines, row)
    context = {
        "list": lines,
        "page": build_received_page(row, request.advisor),
        "above": above,
        "below": below,
        "now": timezone.now(),
    }
    return render(request, "emailhub/held/page.html", context)


@require_safe
def body(request: AdvisorRequest, received_id: int) -> HttpResponse:
    """/held/9/body/: the document of its frame, under a policy that runs and fetches nothing."""
    return frame_response(frame_of_received(find_received(request, received_id)), is_kept=False)


@require_safe
def eml(request: AdvisorRequest, received_id: int) -> HttpResponseBase:
    """/held/9/message.eml: the mail as it was received."""
    row = find_received(request, received_id)
    name = f"{row.pk}.eml"
    return send_stored(request, row.company_id, row.content_key, name, "message/rfc822", inline=False)


@require_POST
def releases(request: AdvisorRequest, received_id: int) -> HttpResponse:
    """/held/9/release/: POST makes a ticket of it; with `add_contact` its sender is known from then on."""
    row = find_received(request, received_id)
    add = "add_contact" in request.POST
    return _decided(
        request, row, lambda: _filed(release(row, add_contact=add, by=request.advisor, now=timezone.now()))
    )


@require_POST
def restorations(request: AdvisorRequest, received_id: int) -> HttpResponse:
    """/held/9/restoration/: POST files an ignored mail as if no rule had ignored it."""
    row = find_received(request, received_id)
    return _decided(request, row, lambda: _filed(restore(row, by=request.advisor, now=timezone.now())))


@require_http_methods(["POST", "DELETE"])
def discards(request: AdvisorRequest, received_id: int) -> HttpResponse:
    """/held/9/discard/: POST puts it aside, DELETE takes that back."""
    row = find_received(request, received_id)
    if intended_method(request) == "DELETE":
        return _decided(request, row, lambda: _back(request, row), stay=True)
    return _decided(
        request, row, lambda: _discarded(request, row), undo=reverse("held_discard", args=[row.pk])
    )


@require_POST
def ignores(request: AdvisorRequest, received_id: int) -> HttpResponse:
    """/held/9/ignore/: POST ignores this mail and all others from its sender, by a rule."""
    row = find_received(request, received_id)

    def ignore() -> str:
        rule = always_ignore(row, by=request.advisor, now=timezone.now())
        url = reverse("rule", args=[rule.team_id, rule.pk])
        return format_html(
            '{} <a href="{}">{}</a>', _("A rule ignores this sender from now on."), url, _("Look at it")
        )

    return _decided(request, row, ignore)


def _decided(
    request: AdvisorRequest,
    row: ReceivedMessage,
    act: Callable[[], str],
    *,
    stay: bool = False,
    undo: str = "",
) -> HttpResponse:
    """Do it, say so, and go on to the next mail of the list; where it cannot be done, say why."""
    below = neighbours(build_held_list(request.advisor, request.GET).lines, row)[1]
    try:
        messages.success(request, act(), extra_tags=f"undo {undo}" if undo else "")
    except (HeldError, RuleError) as error:
        messages.error(request, str(error))
        stay = True
    except (UnreadableError, store.MissingError):
        messages.error(request, _("This email cannot be read any more."))
        stay = True
    shown = row.pk if stay else below.row.pk if below else None
    path = reverse("received", args=[shown]) if shown else reverse("held_list")
    query = request.GET.urlencode()
    return redirect(f"{path}?{query}" if query else path)


def _filed(message: Message) -> str:
    ticket = message.ticket
    words = _("It is on ticket #%(number)s now.") % {"number": ticket.number}
    return format_html(
        '{} <a href="{}">{}</a>', words, reverse("ticket", args=[ticket.number]), _("Open the ticket")
    )


def _discarded(request: AdvisorRequest, row: ReceivedMessage) -> str:
    discard(row, by=request.advisor, now=timezone.now())
    return _("Discarded")


def _back(request: AdvisorRequest, row: ReceivedMessage) -> str:
    undo_discard(row, by=request.advisor, now=timezone.now())
    return _("It is held again")
