"""/demo/phone/…: one holds a customer's phone on the left and sees what EmailHub does on the right."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from emailhub.desk.errors import BadPhoneError
from emailhub.desk.phones import read_phone, region_of

from ..demo_mail.access import demo_only
from ..requests import AdvisorRequest
from .phones import STRANGER, Line, fate_of, lines, messages_on, phones

_LONGEST = 1600


class Play(Protocol):
    """Writes to one of our numbers through the signed webhook."""

    def __call__(
        self, *, company_id: int, connection_id: int, kind: str, number: str, own: str, text: str
    ) -> str: ...


@require_safe
@demo_only
def page(request: AdvisorRequest) -> HttpResponseBase:
    """`as` is the number whose phone it is."""
    chosen = _number(request, request.GET.get("as", ""))
    listed = phones(chosen)
    number = chosen or listed[0].number
    context = {
        "phones": listed,
        "holder": next(phone for phone in listed if phone.number == number),
        "lines": lines(),
        "stranger": STRANGER,
        **_conversation(request, number),
    }
    return render(request, "emailhub/demo/phone.html", context)


@require_safe
@demo_only
def conversation(request: AdvisorRequest) -> HttpResponseBase:
    """What is on the phone now, and what became of its last message: the open page asks again and again."""
    number = _number(request, request.GET.get("as", ""))
    return render(request, "emailhub/demo/_phone_live.html", _conversation(request, number))


@require_POST
@demo_only
def texts(request: AdvisorRequest, *, play: Play) -> HttpResponseBase:
    """Send what was written on the phone."""
    number = _number(request, request.POST.get("as", ""))
    text = request.POST.get("text", "").strip()[:_LONGEST]
    line = _line(request.POST.get("line", ""))
    if number and text and line:
        play(
            company_id=request.advisor.company_id,
            connection_id=line.connection.pk,
            kind=line.kind.value,
            number=number,
            own=line.number,
            text=text,
        )
    return redirect(f"{reverse('demo_phone')}?{urlencode({'as': number})}")


def _conversation(request: AdvisorRequest, number: str) -> dict[str, object]:
    return {"number": number, "chats": messages_on(number), "fate": fate_of(number, request.advisor)}


def _number(request: AdvisorRequest, typed: str) -> str:
    """A number as it is kept; "" for what is none."""
    try:
        return read_phone(typed, region=region_of(request.advisor.company))
    except BadPhoneError:
        return ""


def _line(value: str) -> Line | None:
    found = lines()
    return next((line for line in found if line.value == value), found[0] if found else None)
