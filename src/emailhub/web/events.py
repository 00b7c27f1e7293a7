"""The quiet lines of the timeline: what happened, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from emailhub.desk.models import Activity
from emailhub.desk.phones import show_phone

from .moments import full_moment
from .regrouping_words import regrouped_sentence

Kind = Activity.Kind

_ICONS: Mapping[str, str] = {
    Kind.CREATED: "newticket",
    Kind.ASSIGNED: "user",
    Kind.MOVED: "team",
    Kind.WAITING: "held",
    Kind.OPENED: "open",
    Kind.CLOSED: "done",
    Kind.REOPENED: "open",
    Kind.SUBJECT: "compose",
    Kind.CONTACT: "contacts",
    Kind.NOT_DELIVERED: "alert",
    Kind.AUTOMATIC_REPLY: "spark",
    Kind.JUNK: "ignore",
    Kind.SILENCED: "alert",
    Kind.REGROUPED: "split",
    Kind.OPTED_OUT: "ignore",
    Kind.OPTED_IN: "chat",
    Kind.SNOOZED: "calendar",
    Kind.WOKEN: "clock",
    Kind.TAGGED: "tag",
    Kind.LINKED: "link",
}


def event_icon(activity: Activity) -> str:
    return _ICONS.get(activity.kind, "info")


def event_sentence(activity: Activity) -> SafeString:
    """What happened, names in bold. Every value in it is escaped."""
    sentence = _SENTENCES.get(activity.kind)
    return sentence(activity) if sentence else SafeString()


def _bold(template: str, **values: str) -> SafeString:
    """Fill a translated sentence; the translation is ours, the values are not."""
    return format_html(template, **{name: format_html("<b>{}</b>", value) for name, value in values.items()})


def _who(activity: Activity) -> str:
    return str(activity.advisor) if activity.advisor else ""


def _created(activity: Activity) -> SafeString:
    if who := _who(activity):
        return _bold(_("{who} opened the ticket"), who=who)
    return escape(_("Ticket created from a message"))


def _assigned(activity: Activity) -> SafeString:
    who, to = _who(activity), str(activity.detail.get("to", ""))
    before = str(activity.detail.get("from", ""))
    if not to:
        return _unassigned(who, before)
    if not who:
        return _bold(_("Assigned to {to}"), to=to)
    if activity.detail.get("to_id") == activity.advisor_id:
        return _bold(_("{who} took the ticket"), who=who)
    return _bold(_("{who} assigned it to {to}"), who=who, to=to)


def _unassigned(who: str, before: str) -> SafeString:
    if who:
        return _bold(_("{who} left it unassigned; before it was {before}'s"), who=who, before=before)
    return _bold(_("No longer assigned to {before}"), before=before)


def _moved(activity: Activity) -> SafeString:
    values = {"before": str(activity.detail.get("from", "")), "to": str(activity.detail.get("to", ""))}
    if who := _who(activity):
        return _bold(_("{who} moved it from {before} to {to}"), who=who, **values)
    return _bold(_("Moved from {before} to {to}"), **values)


def _waiting(activity: Activity) -> SafeString:
    if who := _who(activity):
        return _bold(_("{who} waits for the customer"), who=who)
    return escape(_("Waiting on the customer"))


def _opened(activity: Activity) -> SafeString:
    if who := _who(activity):
        return _bold(_("{who} took it up again"), who=who)
    return escape(_("Open again"))


def _closed(activity: Activity) -> SafeString:
    if who := _who(activity):
        return _bold(_("{who} closed the ticket"), who=who)
    return escape(_("Closed"))


def _reopened(activity: Activity) -> SafeString:
    if who := _who(activity):
        return _bold(_("{who} reopened the ticket"), who=who)
    return escape(_("Reopened by the customer's answer"))


def _subject(activity: Activity) -> SafeString:
    to = str(activity.detail.get("to", "")) or _("(no subject)")
    if who := _who(activity):
        return _bold(_("{who} changed the subject to {to}"), who=who, to=to)
    return _bold(_("Subject changed to {to}"), to=to)


def _contact(activity: Activity) -> SafeString:
    to = str(activity.detail.get("to", ""))
    if who := _who(activity):
        return _bold(_("{who} made {to} the customer"), who=who, to=to)
    return _bold(_("{to} is the customer now"), to=to)


def _not_delivered(activity: Activity) -> SafeString:
    address = str(activity.detail.get("address", ""))
    reason = " ".join(str(activity.detail.get(part, "")) for part in ("status", "diagnostic")).strip()
    if activity.detail.get("state") == "uncertain":
        return _bold(_("Perhaps not delivered to {address}"), address=address)
    if reason:
        return format_html(
            _("Not delivered to <b>{address}</b>: {reason}"), address=address, reason=reason[:300]
        )
    return _bold(_("Not delivered to {address}"), address=address)


def _automatic_reply(activity: Activity) -> SafeString:
    address, subject = (str(activity.detail.get(part, "")) for part in ("address", "subject"))
    return _bold(_("Automatic reply sent to {address}: {subject}"), address=address, subject=subject)


def _junk(activity: Activity) -> SafeString:
    who, blocked = _who(activity), str(activity.detail.get("blocked", ""))
    if activity.detail.get("undone"):
        return _bold(_("{who} says that it is no junk"), who=who)
    if blocked:
        return _bold(_("{who} marked it as junk and blocked {blocked}"), who=who, blocked=blocked)
    return _bold(_("{who} marked it as junk"), who=who)


def _silenced(activity: Activity) -> SafeString:
    address = str(activity.detail.get("address", ""))
    return _bold(
        _("Too much automatic email from {address}: no automatic reply for 24 hours"), address=address
    )


def _snoozed(activity: Activity) -> SafeString:
    until = full_moment(datetime.fromisoformat(str(activity.detail["until"])))
    if reason := str(activity.detail.get("reason", "")):
        words = _("{who} snoozed it until {until}: {reason}")
        return _bold(words, who=_who(activity), until=until, reason=reason)
    return _bold(_("{who} snoozed it until {until}"), who=_who(activity), until=until)


def _woken(activity: Activity) -> SafeString:
    reason, why = (str(activity.detail.get(part, "")) for part in ("reason", "why"))
    if why == "mail":
        words = _("Back before its time: an email came in")
    elif why == "time":
        words = _("Back from its snooze")
    else:
        words = _("{who} brought it back from its snooze")
    if reason:
        return _bold(words + " · {reason}", who=_who(activity), reason=reason)
    return _bold(words, who=_who(activity))


def _opted_out(activity: Activity) -> SafeString:
    number = show_phone(str(activity.detail.get("number", "")))
    return _bold(_("{number} wants no more messages: chat is closed for it"), number=number)


def _opted_in(activity: Activity) -> SafeString:
    number = show_phone(str(activity.detail.get("number", "")))
    return _bold(_("{number} wants messages again: chat is open for it"), number=number)


def _tagged(activity: Activity) -> SafeString:
    added, removed = (str(activity.detail.get(part, "")) for part in ("added", "removed"))
    if added:
        return _bold(_("{who} added the tag {tag}"), who=_who(activity), tag=added)
    return _bold(_("{who} took off the tag {tag}"), who=_who(activity), tag=removed)


def _linked(activity: Activity) -> SafeString:
    sentences = {
        "related": _("{who} linked it with {number}"),
        "duplicate": _("{who} marked it as a duplicate of {number}"),
        "duplicated": _("{who} marked {number} as a duplicate of it"),
        "unlinked": _("{who} took the link with {number} away"),
    }
    sentence = sentences[str(activity.detail["kind"])]
    return _bold(sentence, who=_who(activity), number=f"#{activity.detail['number']}")


_SENTENCES: Mapping[str, Callable[[Activity], SafeString]] = {
    Kind.CREATED: _created,
    Kind.ASSIGNED: _assigned,
    Kind.MOVED: _moved,
    Kind.WAITING: _waiting,
    Kind.OPENED: _opened,
    Kind.CLOSED: _closed,
    Kind.REOPENED: _reopened,
    Kind.SUBJECT: _subject,
    Kind.CONTACT: _contact,
    Kind.NOT_DELIVERED: _not_delivered,
    Kind.AUTOMATIC_REPLY: _automatic_reply,
    Kind.JUNK: _junk,
    Kind.SILENCED: _silenced,
    Kind.REGROUPED: regrouped_sentence,
    Kind.OPTED_OUT: _opted_out,
    Kind.OPTED_IN: _opted_in,
    Kind.SNOOZED: _snoozed,
    Kind.WOKEN: _woken,
    Kind.TAGGED: _tagged,
    Kind.LINKED: _linked,
}
