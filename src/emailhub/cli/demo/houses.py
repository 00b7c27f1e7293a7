"""The two companies of the demo."""

from __future__ import annotations

from . import campoverde, northfield, parts, repuestos, servicio, settings, support, ventas
from .story import House

CAMPO_VERDE = House(
    name="Campo Verde",
    slug="campoverde",
    language="es",
    time_zone="Europe/Madrid",
    teams=campoverde.TEAMS,
    colleagues=campoverde.COLLEAGUES,
    stories=servicio.STORIES + repuestos.STORIES + ventas.STORIES,
    settings=settings.CAMPO_VERDE,
    sms="+34973555010",
    whatsapp="+34600555100",
)
NORTHFIELD = House(
    name="Northfield Machinery",
    slug="northfield",
    language="en",
    time_zone="Europe/London",
    teams=northfield.TEAMS,
    colleagues=northfield.COLLEAGUES,
    stories=support.STORIES + parts.STORIES,
    settings=settings.NORTHFIELD,
    sms="+447700900010",
    whatsapp="+447700900011",
)
HOUSES = (CAMPO_VERDE, NORTHFIELD)
