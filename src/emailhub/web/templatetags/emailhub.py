"""Icons, avatars, moments and the rail, for templates."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from emailhub.accounts.models import Advisor, Team
from emailhub.desk.models import Activity, Tag, Ticket
from emailhub.desk.tags import tags_of

from .. import link_words, moments
from ..enclosures import is_text
from ..listing import Listing
from ..rail import Rail, build_rail
from ..returns import ticket_url as url_of_ticket
from ..row import build_row
from ..snooze_times import Offer, offers

register = template.Library()
Found = TypeVar("Found")


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """A picture of the set, hidden from those who hear the page: say its meaning in words beside it.

    `{% icon "close" "small" "warn" %}`: its name, and perhaps its size and tone.
    """
    words = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    literals = [word.var for word in words if isinstance(word.var, str) and not word.filters]
    return TextNode(draw_icon(*literals)) if len(literals) == len(words) else IconNode(words)


class IconNode(Node):
    """An icon that is known only when the page is drawn. The others are text from the start."""

    def __init__(self, words: list[FilterExpression]) -> None:
        self.words = words

    def render(self, context: Context) -> SafeString:
        return draw_icon(*(str(word.resolve(context)) for word in self.words))


@lru_cache(maxsize=512)
def draw_icon(name: str, size: str = "", tone: str = "") -> SafeString:
    """Kept: a page draws hundreds of icons, and there are few different ones."""
    classes = " ".join(filter(None, ("icon", size, tone)))
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        classes,
        static("emailhub/icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=1024)
def avatar(name: str, *, ours: bool = False, small: bool = False) -> SafeString:
    """The initials of a person in a circle. The name itself must stand beside it."""
    classes = " ".join(filter(None, ("avatar", "ours" if ours else "", "small" if small else "")))
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(name))


def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def breakable(address: str) -> SafeString:
    """An address that may break after its @, and there first."""
    local, at, domain = address.rpartition("@")
    return format_html("{}{}<wbr>{}", local, at, domain)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime) -> SafeString:
    """A <time> as short as can be; its title says all of it."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        moments.full_moment(at),
        moments.moment(at, now=context["now"]),
    )


@register.simple_tag
def clock(at: datetime) -> SafeString:
    """A <time> of the day."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), moments.full_moment(at), moments.clock(at)
    )


@register.simple_tag(takes_context=True)
def snooze_offers(context: Context) -> list[Offer]:
    """Until when a ticket can be snoozed by one press."""
    return offers(now=context["now"])


register.filter("full_moment", moments.full_moment)
register.filter("file_size", moments.file_size)
register.filter("link_state", link_words.link_state)
register.filter("is_text", is_text)


@register.simple_tag
def kept(template_name: str, **given: Hashable) -> SafeString:
    """A piece that knows nothing but what it is given: drawn once in each language, and kept."""
    return _draw(template_name, get_language(), tuple(given.items()))


@register.simple_tag(takes_context=True)
def list_row(context: Context, ticket: Ticket) -> SafeString:
    """A ticket in the list that is shown."""
    is_current = ticket.pk == context.get("current_id")
    row = build_row(ticket, context["listing"], context["advisor"], now=context["now"], is_current=is_current)
    return kept("emailhub/list/_row.html", row=row)


@lru_cache(maxsize=0 if settings.DEBUG else 4096)
def _draw(template_name: str, _language: str | None, given: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(template_name, dict(given))


@register.simple_tag(takes_context=True)
def ticket_url(context: Context, ticket: Ticket) -> str:
    """The ticket's page, beside the list that is shown now."""
    return url_of_ticket(ticket, context.get("listing") or Listing())


@register.simple_tag(takes_context=True)
def find_rail(context: Context) -> Rail:
    """Views and teams with their numbers; `listing`, if there is one, is where the reader is."""
    advisor: Advisor = context["advisor"]
    return _once(context, "rail", lambda: build_rail(advisor, context.get("listing")))


@register.simple_tag(takes_context=True)
def readable_teams(context: Context) -> list[Team]:
    """The teams whose tickets the advisor reads, by name."""
    advisor: Advisor = context["advisor"]
    return advisor.readable_teams()


@register.filter
def kind_icon(activity: Activity) -> str:
    """The picture of a message's way, or of a note."""
    if activity.kind == Activity.Kind.NOTE:
        return "note"
    return "chat" if activity.kind in Activity.CHATS else "mail"


@register.filter
def author_of(activity: Activity) -> str:
    """Who wrote a message or a note: an advisor, the mail's sender, or the customer."""
    if activity.advisor:
        return str(activity.advisor)
    message = getattr(activity, "message", None)
    return (message and (message.sender_name or message.sender_address)) or activity.ticket.contact.name


@register.filter
def writable_teams(advisor: Advisor) -> list[Team]:
    """The teams in which the advisor works, by name."""
    ids = advisor.writable_team_ids()
    return [team for team in advisor.company_teams if team.pk in ids]


@register.simple_tag(takes_context=True)
def company_tags(context: Context) -> list[Tag]:
    """All tags of the company, by name."""
    advisor: Advisor = context["advisor"]
    return _once(context, "tags", lambda: tags_of(advisor.company))


def _once(context: Context, name: str, find: Callable[[], Found]) -> Found:
    """What several pieces of one page need is asked for once."""
    found: dict[Any, Any] = context.render_context.dicts[0]
    if name not in found:
        found[name] = find()
    value: Found = found[name]
    return value


@register.inclusion_tag("emailhub/_field.html")
def field(bound: BoundField, **attributes: str) -> dict[str, object]:
    """A form's field with its label, help and error. Attributes of the input: `autocomplete="email"`."""
    described = [f"{bound.auto_id}-error"] if bound.errors else []
    described += [f"{bound.auto_id}-help"] if bound.help_text else []
    attrs: dict[str, str | bool] = {**attributes}
    if bound.widget_type != "checkbox":
        attrs.setdefault("class", "input large")
    bound.field.widget.attrs.pop("placeholder", None)  # it would repeat the label, as allauth's do
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {"field": bound, "widget": bound.as_widget(attrs=attrs)}


@register.simple_tag(takes_context=True)
def listing_query(context: Context, **changes: Any) -> str:
    """The query of the list that is shown, with another `team`, `tag`, `unanswered` or `order`."""
    listing: Listing = context["listing"]
    if "team" in changes:
        listing = listing.of_team(changes["team"])
    if "tag" in changes:
        listing = listing.with_tag(changes["tag"])
    if "unanswered" in changes:
        listing = listing.only_unanswered(changes["unanswered"])
    if "order" in changes:
        listing = listing.in_order(changes["order"])
    return listing.query()


@register.filter("initials")
def initials_of(person: object) -> str:
    return initials(str(person))
