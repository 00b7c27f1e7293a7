"""The answers that the demo's teams have kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from emailhub.accounts.models import Company, Membership
from emailhub.desk import saved_replies

_REPLIES: Mapping[str, Mapping[str, str]] = {
    "es": {
        "Horario": "<p>Hola, {nombre}:</p><p>Abrimos de lunes a viernes de 8:00 a 18:00.</p>",
        "Falta el número de serie": (
            "<p>Hola, {nombre}:</p><p>Para el ticket #{ticket} necesitamos el <b>número de serie</b> de la"
            " máquina: está en la placa, junto a la puerta de la cabina.</p>"
        ),
        "La pieza está en camino": "<p>La pieza sale hoy. Te avisará {asesor}, de {equipo}.</p>",
    },
    "en": {
        "Opening hours": "<p>Hello {contact_name},</p><p>We are open Monday to Friday, 8:00 to 18:00.</p>",
        "Serial number missing": (
            "<p>Hello {contact_name},</p><p>For ticket #{ticket_number} we need the <b>serial number</b> of"
            " the machine: it is on the plate beside the door of the cab.</p>"
        ),
    },
}


def keep_replies(firm: Company, *, now: datetime) -> None:
    """Give each team that has a manager the answers of its language."""
    managers = Membership.objects.filter(company=firm, is_manager=True).select_related(
        "advisor__user", "team"
    )
    for seat in {seat.team_id: seat for seat in managers}.values():
        for name, html in _REPLIES[firm.language].items():
            saved_replies.create(name, html, team=seat.team, by=seat.advisor, now=now)
