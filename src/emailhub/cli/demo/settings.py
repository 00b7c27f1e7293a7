"""How the demo's teams have set up their EmailHub, and the mail that shows what that does."""

from __future__ import annotations

from dataclasses import dataclass

from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from emailhub.web.demo_mail.letters import Program

from . import campoverde, northfield
from .story import Colleague, Customer


@dataclass(frozen=True)
class Rule:
    """An inbound rule, made by hand."""

    name: str
    conditions: tuple[Condition, ...]
    action: Action
    to_team: str = ""
    to: Colleague | None = None


@dataclass(frozen=True)
class Arrival:
    """A mail that makes no ticket: its sender is unknown, or a rule ignores it."""

    by: Customer
    subject: str
    text: str
    at: str


@dataclass(frozen=True)
class TeamSettings:
    """What a team's manager has set. `rules` as the page shows them, the uppermost first."""

    team: str
    manager: Colleague
    former_name: str = ""  # what the team was called when it got its first address
    rules: tuple[Rule, ...] = ()
    known_contacts_only: bool = False
    arrivals: tuple[Arrival, ...] = ()


def _stranger(name: str, address: str, program: Program = Program.GMAIL) -> Customer:
    return Customer(name, address, program=program, known=False)


def _from_domain(*domains: str) -> tuple[Condition, ...]:
    return (Condition(Field.SENDER_DOMAIN, Operator.IS_OR_SUBDOMAIN, domains),)


def _subject_has(*words: str) -> tuple[Condition, ...]:
    return (Condition(Field.SUBJECT, Operator.CONTAINS, words),)


_OIL = _stranger("Ofertas Lubricantes", "ofertas@lubricantes-lider.example", Program.OUTLOOK)
_FAIR = _stranger("Feria de Lleida", "boletin@feria-lleida.example", Program.OUTLOOK)
CAMPO_VERDE = (
    TeamSettings(
        team=campoverde.SERVICIO,
        manager=campoverde.MARTA,
        former_name="Taller",
        rules=(
            Rule("Garantías", _subject_has("garantía"), Action.ROUTE_TO_ADVISOR, to=campoverde.JORDI),
            Rule(
                "Pedidos de recambio",
                _subject_has("pedido", "recambio"),
                Action.ROUTE_TO_TEAM,
                to_team=campoverde.REPUESTOS,
            ),
            Rule(
                "Formulario de la web",
                (Condition(Field.SENDER_ADDRESS, Operator.IS, ("formulario@campoverde.example",)),),
                Action.CREATE_NEW,
            ),
            Rule(
                "Pedidos urgentes",
                _subject_has("pedido urgente"),
                Action.ROUTE_TO_ADVISOR,
                to=campoverde.ANDRES,
            ),
            Rule(
                "Boletines de proveedores",
                _from_domain("lubricantes-lider.example", "feria-lleida.example"),
                Action.IGNORE,
            ),
        ),
        arrivals=(
            Arrival(
                _FAIR,
                "Feria de la maquinaria: todavía quedan estands",
                "La feria abre el 4 de diciembre. Reserve su estand antes del viernes.",
                "-52 h",
            ),
            Arrival(
                _OIL,
                "Aceite hidráulico HV 46 a precio de campaña",
                "Solo esta semana, 12 % de descuento en bidón de 208 litros.",
                "-27 h",
            ),
            Arrival(
                _OIL,
                "Últimas horas: grasa de litio",
                "Quedan pocas cajas de cartuchos de 400 gramos.",
                "-70 min",
            ),
        ),
    ),
    TeamSettings(
        team=campoverde.VENTAS,
        manager=campoverde.CARMEN,
        known_contacts_only=True,
        arrivals=(
            Arrival(
                _stranger("Rosend Pla", "rosend@riegospla.example", Program.SAMSUNG),
                "¿Alquiláis abonadora por días?",
                "Buenos días:\n\nSomos una comunidad de regantes y necesitamos una abonadora cuatro días en"
                " febrero. ¿La alquiláis? ¿Qué precio tendría?\n\nRosend Pla\nRiegos Pla d'Urgell",
                "-49 h",
            ),
            Arrival(
                _stranger("Posicionamiento Total", "ventas@posicionamiento-total.example", Program.OUTLOOK),
                "Su web en el primer puesto en 30 días",
                "Hemos analizado su página y podemos ponerla la primera en buscadores.",
                "-26 h",
            ),
            Arrival(
                _stranger("Alba Quintero", "alba.quintero@granjaquintero.example", Program.IPHONE),
                "Consulta: segunda mano de la Alba 6155",
                "Buenos días:\n\nHe visto en vuestra web que tenéis una Alba 6155 de segunda mano del"
                " 2019. ¿Sigue disponible? Me interesaría saber las horas y si se puede probar con nuestro"
                " rulo en la finca de Bellpuig.\n\nEste fin de semana estaré por Lleida y podría pasarme el"
                " sábado por la mañana.\n\nGracias,\nAlba Quintero\nGranja Quintero",
                "-55 min",
            ),
        ),
    ),
)
_TYRES = _stranger("Agri Tyre Deals", "news@agri-tyre-deals.example", Program.OUTLOOK)
NORTHFIELD = (
    TeamSettings(
        team=northfield.SUPPORT,
        manager=northfield.TOM,
        former_name="Workshop",
        rules=(
            Rule(
                "Guidance and GPS",
                _subject_has("gps", "guidance"),
                Action.ROUTE_TO_ADVISOR,
                to=northfield.PRIYA,
            ),
            Rule(
                "Parts orders",
                _subject_has("order", "part number"),
                Action.ROUTE_TO_TEAM,
                to_team=northfield.PARTS,
            ),
            Rule("Supplier newsletters", _from_domain("agri-tyre-deals.example"), Action.IGNORE),
        ),
        arrivals=(
            Arrival(
                _TYRES,
                "Flotation tyres: three for two until Friday",
                "Our winter stock must go. Three for the price of two on all flotation tyres.",
                "-25 h",
            ),
            Arrival(_TYRES, "Last chance: flotation tyres", "Only six sets left in the yard.", "-95 min"),
        ),
    ),
    TeamSettings(
        team=northfield.PARTS,
        manager=northfield.CALLUM,
        known_contacts_only=True,
        arrivals=(
            Arrival(
                _stranger("Rank Higher", "hello@rank-higher.example", Program.OUTLOOK),
                "Your website on page one in 30 days",
                "We have looked at your site and can put it on page one.",
                "-28 h",
            ),
            Arrival(
                _stranger("Ivor Blackwood", "ivor@blackwoodcontracting.example", Program.IPHONE),
                "Do you stock bearings for the old Terra 640?",
                "Morning,\n\nA neighbour says you still carry bearings for the Terra 640 header. I need two"
                " for Thursday if you have them, and a price please.\n\n"
                "Ivor Blackwood\nBlackwood Contracting",
                "-80 min",
            ),
        ),
    ),
)
