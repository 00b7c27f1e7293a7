"""/demo/mail/…: one plays a customer on the left and sees what EmailHub does on the right."""

from __future__ import annotations

from io import BytesIO
from typing import Protocol
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emailhub import mail
from emailhub.delivery.outcomes import Fate, FinishedMail, Outcome
from emailhub.hub.models import HubAddress

from ..bodies import RASTER
from ..downloads import send_stored
from ..frames import frame_mail, frame_response
from ..requests import AdvisorRequest, wants_fragment
from . import mailboxes
from .access import demo_only
from .fates import fates
from .letters import Program
from .writing import CannotWriteError, Form, answer, finish, fresh, read_form

_NOTHING_RUNS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'self'",
}
_TRIES = 20  # a second each, for which the page asks what became of a letter


class Post(Protocol):
    def __call__(self, mail: FinishedMail) -> Outcome: ...


@require_safe
@demo_only
def page(request: AdvisorRequest) -> HttpResponseBase:
    """`as` is the customer, `mail` the one of theirs that is open, `answer` (one, all) answers it."""
    shown = _shown(request)
    writer = request.GET.get("as", "") or _first_writer()
    form = fresh()
    if shown and (how := request.GET.get("answer")):
        form = answer(shown, writer, to_all=how == "all", automatic="automatic" in request.GET)
    return _render(request, writer, form, shown)


@require_POST
@demo_only
def letters(request: AdvisorRequest, *, post: Post) -> HttpResponseBase:
    """Send what a customer wrote."""
    writer, form = request.POST.get("as", ""), read_form(request.POST)
    try:
        letter = finish(form, writer, request.FILES.getlist("files"), request.advisor.company)
        _check(post(letter))
    except CannotWriteError as error:
        return _render(request, writer, form, None, error=str(error), status=400)
    sent = {"as": writer, "sent": mail.parse(letter.content).message_id}
    return redirect(f"{reverse('demo_mail')}?{urlencode(sent)}#side-hub")


@require_safe
@demo_only
def outcome(request: AdvisorRequest) -> HttpResponseBase:
    """The piece of the page that says what EmailHub did with a letter. It asks again until it knows."""
    return render(request, "emailhub/demo/_outcome.html", _outcome(request))


@require_safe
@demo_only
def body(request: AdvisorRequest, outgoing_id: int) -> HttpResponseBase:
    """The document of the frame: the mail as the customer sees it, made safe as every mail is."""
    message = mailboxes.delivered(outgoing_id).mail
    return frame_response(frame_mail(message, cid=_pictures(outgoing_id, message)))


@require_safe
@demo_only
def source(request: AdvisorRequest, outgoing_id: int) -> HttpResponseBase:
    """The finished bytes, as plain text."""
    key, company_id = mailboxes.source_key(outgoing_id), request.advisor.company_id
    text = "text/plain; charset=utf-8"
    return send_stored(request, company_id, key, f"{outgoing_id}.txt", text, inline=True)


@require_safe
@demo_only
def part(request: AdvisorRequest, outgoing_id: int, number: int) -> HttpResponseBase:
    """A file of the mail. Nothing but pixels is shown in place."""
    attachments = mailboxes.delivered(outgoing_id).mail.attachments
    if not 0 <= number < len(attachments):
        raise Http404
    file = attachments[number]
    is_picture = file.content_type in RASTER
    return FileResponse(
        BytesIO(file.content),
        as_attachment=not is_picture,
        filename=file.filename,
        content_type=file.content_type if is_picture else "application/octet-stream",
        headers=_NOTHING_RUNS,
    )


@require_POST
@demo_only
def tour(request: AdvisorRequest) -> HttpResponseBase:
    """Do not show the tour again, as long as this session lasts."""
    request.session["demo_tour_done"] = True
    return HttpResponse() if wants_fragment(request) else redirect("tickets")


def _shown(request: AdvisorRequest) -> mailboxes.Delivered | None:
    asked = request.GET.get("mail", "")
    return mailboxes.delivered(int(asked)) if asked.isdigit() else None


def _first_writer() -> str:
    return mailboxes.people("")[0].address


def _check(outcome: Outcome) -> None:
    """Raises CannotWriteError where nobody took the mail."""
    if any(result.fate == Fate.ACCEPTED for result in outcome.results):
        return
    words = [f"{result.address}: {result.status} {result.diagnostic}" for result in outcome.results]
    if any(result.fate == Fate.REFUSED for result in outcome.results):
        raise CannotWriteError(_("EmailHub refused it: %(words)s") % {"words": "; ".join(words)})
    raise CannotWriteError(_("The SMTP listener does not answer: %(words)s") % {"words": outcome.error})


def _pictures(outgoing_id: int, message: mail.Message) -> dict[str, str]:
    return {
        file.content_id: reverse("demo_mail_part", args=[outgoing_id, number])
        for number, file in enumerate(message.attachments)
        if file.content_id and file.content_type in RASTER
    }


def _files(shown: mailboxes.Delivered | None) -> list[tuple[int, mail.Attachment]]:
    """The files that stand below the mail, with their numbers."""
    numbered = enumerate(shown.mail.attachments) if shown else ()
    return [(number, file) for number, file in numbered if not file.inline]


def _outcome(request: AdvisorRequest) -> dict[str, object]:
    message_id = request.GET.get("sent", "")
    tried = request.GET.get("tried", "0")
    count = int(tried) if tried.isdigit() else 0
    return {
        "sent": message_id,
        "fates": fates(message_id, request.advisor) if message_id else [],
        "next_try": count + 1 if count < _TRIES else None,
        "now": timezone.now(),
    }


def _render(
    request: AdvisorRequest,
    writer: str,
    form: Form,
    shown: mailboxes.Delivered | None,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **_outcome(request),
        "error": error,
        "form": form,
        "writer": mailboxes.person_with(writer),
        "people": mailboxes.people(writer),
        "mailbox": mailboxes.mailbox(writer),
        "shown": shown,
        "files": _files(shown),
        "programs": [
            (program.value, program.value.capitalize().replace("Iphone", "iPhone")) for program in Program
        ],
        "teams": HubAddress.objects.filter(is_sender=True).select_related("team").order_by("id"),
        "copied": mailboxes.last_with_copy(),
        "stranger": mailboxes.STRANGER,
    }
    return render(request, "emailhub/demo/page.html", context, status=status)
