"""Put the demo's tickets in order, as their advisors would: tags, a snoozed one and saved views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from emailhub.accounts.models import Advisor, Company
from emailhub.desk.models import Tag, Ticket
from emailhub.desk.saved_views import save_view
from emailhub.desk.snoozing import snooze
from emailhub.desk.tags import add_tag, change_tag, tag_named
from emailhub.web.listing import Listing, View


@dataclass(frozen=True)
class _Label:
    """A tag, and the words of the subjects that have it."""

    name: str
    tone: Tag.Tone
    words: tuple[str, ...]


_LABELS: dict[str, tuple[_Label, ...]] = {
    "es": (
        _Label("Campaña", Tag.Tone.GREEN, ("cosechadora", "empacadora", "Sembradora", "Terra 880", "arroz")),
        _Label("Garantía", Tag.Tone.ORANGE, ("Garantía", "Desgaste", "Devolución")),
        _Label("Hidráulica", Tag.Tone.BLUE, ("hidráulica", "latiguillos", "presión", "Bomba", "bomba")),
        _Label("Presupuesto", Tag.Tone.GREY, ("Presupuesto", "Precio", "Oferta", "Financiación")),
        _Label("Urgente", Tag.Tone.RED, ("Fuga", "se para", "Incidencia")),
    ),
    "en": (
        _Label("Harvest", Tag.Tone.GREEN, ("harvest", "Terra 880", "Baler", "straw", "drill")),
        _Label("Warranty", Tag.Tone.ORANGE, ("Core return", "recall", "Damage")),
        _Label("Hydraulics", Tag.Tone.BLUE, ("hose", "lift", "Loader")),
        _Label("Quote", Tag.Tone.GREY, ("Price", "valuation", "Service plan")),
        _Label("Urgent", Tag.Tone.RED, ("stuck", "throws", "Autosteer")),
    ),
}
_REASONS = {"es": "La pieza llega con el próximo pedido", "en": "The part comes with the next order"}
_VIEWS = {"es": ("Urgentes sin contestar", "Campaña"), "en": ("Urgent, unanswered", "Harvest")}


def put_in_order(firm: Company, *, now: datetime) -> None:
    """Call it inside the company, when its stories are told."""
    labels = _LABELS[firm.language]
    manager = Advisor.objects.filter(memberships__is_manager=True).select_related("user").order_by("pk")[0]
    tags = [_tag(firm, label, by=manager, now=now) for label in labels]
    _snooze_one(_REASONS[firm.language], now=now)
    team = next(team for team in manager.company_teams if team.managed)
    urgent, season = _VIEWS[firm.language]
    save_view(urgent, Listing(tag_id=tags[-1].pk, unanswered=True).query(), team=None, by=manager)
    save_view(season, Listing(View.ALL, team_id=team.pk, tag_id=tags[0].pk).query(), team=team, by=manager)


def _tag(firm: Company, label: _Label, *, by: Advisor, now: datetime) -> Tag:
    tag = tag_named(firm, label.name)
    change_tag(tag, label.name, label.tone, by=by)
    for ticket in _about(label.words):
        worker = ticket.assignee or _member_of(ticket)
        add_tag(ticket, tag, by=worker, now=min(ticket.last_activity_at + timedelta(minutes=3), now))
    return tag


def _about(words: Sequence[str]) -> list[Ticket]:
    tickets = Ticket.objects.select_related("assignee__user", "assignee__company").order_by("pk")
    return [ticket for ticket in tickets if any(word in ticket.subject for word in words)]


def _member_of(ticket: Ticket) -> Advisor:
    members = Advisor.objects.filter(memberships__team=ticket.team_id).exclude(role="view_only")
    return members.select_related("user", "company").order_by("pk")[0]


def _snooze_one(reason: str, *, now: datetime) -> None:
    """The waiting ticket that has been quiet for longest."""
    waiting = Ticket.objects.waiting().filter(assignee__isnull=False)
    ticket = (
        waiting.select_related("assignee__user", "assignee__company").order_by("last_activity_at").first()
    )
    if ticket is not None and ticket.assignee is not None:
        snooze(ticket, now + timedelta(days=2), reason=reason, by=ticket.assignee, now=now)
