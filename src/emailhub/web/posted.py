"""What the composer's forms post, as the desk takes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.http import QueryDict
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.desk.answer import Answer
from emailhub.desk.errors import TooComplexTextError
from emailhub.desk.models import Attachment, Ticket
from emailhub.mail import Mailbox


def read_ids(values: Iterable[object]) -> list[uuid.UUID]:
    """The ids among the posted values; what is none is left out."""
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(str(value)))
        except ValueError:
            continue
    return found


def read_key(post: QueryDict) -> uuid.UUID:
    """The form's own key; one without it was not made by us and gets a new one."""
    keys = read_ids([post.get("key", "")])
    return keys[0] if keys else uuid.uuid4()


def read_html(post: QueryDict) -> str:
    """What was written: the rich editor's HTML, or the plain text with its lines kept.

    Raises TooComplexTextError.
    """
    html = post.get("html", "")
    if mail.is_too_complex(html):
        raise TooComplexTextError
    return html or linebreaks(escape(post.get("text", "")))


def read_people(text: str) -> tuple[Mailbox, ...]:
    """The people of an address field. What cannot be read comes as an address that the desk refuses."""
    people = tuple(mail.read_mailboxes(text))
    if None in people or (text.strip() and not people):
        return (Mailbox("", text.strip()[:200]),)
    return tuple(person for person in people if person is not None)


def _read_message(post: QueryDict, name: str) -> int | None:
    """The id of the message that is answered, or forwarded, if the form names one."""
    message = post.get(name, "")
    return int(message) if message.isdecimal() else None


def _read_signature(post: QueryDict) -> bool | None:
    """Whether the writer chose it otherwise than proposed. None: by the rule, asked again when it is sent."""
    chosen = post.get("signature") == "1"
    return None if chosen == (post.get("signature_proposed") == "1") else chosen


_THEN = {"wait": Ticket.Status.WAITING, "close": Ticket.Status.CLOSED}


def read_agreed(post: QueryDict) -> set[str]:
    """What the writer has been asked and has agreed to, and how they wanted to send: all in one button."""
    words = {name for name in ("anyway", "sure") if post.get(name)}
    if post.get("send_at"):
        words.add(f"at:{post['send_at']}")
    return words.union(*(post.get(name, "").split() for name in ("anyway", "sure", "then"))) - {"1"}


def read_follow_up(post: QueryDict) -> Ticket.Status:
    """What becomes of the ticket when it is sent."""
    agreed = read_agreed(post)
    return next((status for word, status in _THEN.items() if word in agreed), Ticket.Status.OPEN)


def read_seen(post: QueryDict) -> int:
    """The newest activity that the writer saw; 0: they want to send whatever came since."""
    seen = post.get("seen", "")
    return int(seen) if seen.isdecimal() and "anyway" not in read_agreed(post) else 0


def read_answer(post: QueryDict, files: Iterable[Attachment] = ()) -> Answer:
    """The posted form as the desk takes it."""
    return Answer(
        to=read_people(post.get("to", "")),
        cc=read_people(post.get("cc", "")),
        bcc=read_people(post.get("bcc", "")),
        subject=" ".join(post.get("subject", "").split())[:998] or _("(no subject)"),
        html=read_html(post),
        key=read_key(post),
        attachment_ids=(*read_ids(post.getlist("attachments")), *(file.public_id for file in files)),
        answers=_read_message(post, "answers"),
        forwards=_read_message(post, "forwards"),
        signature=_read_signature(post),
        then=read_follow_up(post),
        seen=read_seen(post),
        based_on=post.get("based_on"),
    )


def draft_fields(post: QueryDict) -> dict[str, object]:
    """The fields that a draft keeps."""
    fields: dict[str, object] = {
        name: post[name] for name in ("to", "cc", "bcc", "subject", "text", "html") if name in post
    }
    fields["attachments"] = [str(id) for id in read_ids(post.getlist("attachments"))]
    fields["answers"] = _read_message(post, "answers")
    fields["forwards"] = _read_message(post, "forwards")
    fields["signature"] = _read_signature(post)
    return fields
