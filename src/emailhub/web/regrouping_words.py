"""What became of entries that were taken to another ticket, in one sentence of the timeline."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from emailhub.desk.models import Activity

_SENTENCES: Mapping[tuple[str, str], str | Promise] = {
    ("split", "in"): _("{who} split this off from {other}"),
    ("merge", "in"): _("{who} merged {other} into this ticket"),
    ("merge", "out"): _("{who} merged this into {other}"),
    ("split_undone", "in"): _("{who} took the split back: everything is on {other} again"),
    ("split_undone", "out"): _("{who} took the split back: everything of {other} is here again"),
    ("move_undone", "in"): _("{who} took it back: it is on {other} again"),
    ("move_undone", "out"): _("{who} took it back: it is here again, from {other}"),
    ("merge_undone", "in"): _("{who} took the merge back: {other} stands for itself again"),
    ("merge_undone", "out"): _("{who} took the merge into {other} back"),
}
_COUNTED: Mapping[tuple[str, str], str | Promise] = {
    ("split", "out"): ngettext_lazy(
        "{who} split {count} entry off into {other}", "{who} split {count} entries off into {other}", "count"
    ),
    ("move", "out"): ngettext_lazy(
        "{who} moved {count} entry to {other}", "{who} moved {count} entries to {other}", "count"
    ),
    ("move", "in"): ngettext_lazy(
        "{who} moved {count} entry here from {other}",
        "{who} moved {count} entries here from {other}",
        "count",
    ),
}


def regrouped_sentence(activity: Activity) -> SafeString:
    """Who took how much from where to where; the other ticket is a link."""
    what, way = str(activity.detail.get("what", "")), str(activity.detail.get("way", ""))
    other, count = int(activity.detail.get("other", 0)), int(activity.detail.get("count", 0))
    template = _SENTENCES.get((what, way)) or _COUNTED[what, way] % {"count": count}
    return format_html(
        str(template),
        who=format_html("<b>{}</b>", str(activity.advisor or "")),
        count=count,
        other=format_html('<a href="{}">#{}</a>', reverse("ticket", args=[other]), other),
    )


def undoable(activity: Activity) -> int | None:
    """The regrouping that can be taken back at this entry."""
    detail = activity.detail
    is_first = activity.kind == Activity.Kind.REGROUPED and not str(detail.get("what", "")).endswith(
        "_undone"
    )
    found: int | None = detail.get("regrouping") if is_first and not detail.get("undone") else None
    return found
