"""What is written to the sales people of Campo Verde."""

from __future__ import annotations

from emailhub.web.demo_mail.files import paper

from .campoverde import (
    AMPARO,
    CARMEN,
    CLARA,
    DAMIAN,
    FELIPE,
    JULIAN,
    LUCIA,
    MONTSE,
    ROGELIO,
    VENTAS,
)
from .story import Answer, Close, Mail, Note, Story, Summary

STORIES = (
    Story(
        1,
        VENTAS,
        FELIPE,
        "Prueba del Alba 7240",
        (
            Mail(
                "10:15",
                """Hola, Carmen:

He visto el 7240 en la feria y mi hijo no habla de otra cosa. ¿Se podría probar un día en casa, con nuestro \
subsolador? Así vemos si de verdad tira o es todo pintura.

Felipe""",
            ),
            Summary("11:00", CARMEN, "Tiene un 6210 de 2012 con 9.800 h para entregar. Decide en enero."),
            Answer(
                "11:05",
                CARMEN,
                """
Hola, Felipe:

Se puede, y con el subsolador mejor. Tengo el de demostración libre el jueves y el viernes; lo llevamos \
nosotros \
y se queda los dos días. ¿Qué ruedas llevas en el apero, para ajustarle el ancho?""",
                then="waiting",
            ),
            Mail("-240 min", "El jueves perfecto. Ancho de vía 1,80. ¿Y cuánto me daríais por el 6210?"),
        ),
    ),
    Story(
        0,
        VENTAS,
        JULIAN,
        "Precio de un tractor pequeño para viña",
        (
            Mail(
                "-15 min",
                "Buenas tardes, busco un tractor estrecho de unos 75 caballos para 6 hectáreas de viña en "
                "vaso. Nuevo o de ocasión, depende de precio. ¿Qué tenéis?\nJulián",
            ),
        ),
    ),
    Story(
        4,
        VENTAS,
        DAMIAN,
        "Financiación de la Terra 650",
        (
            Mail(
                "16:30",
                "Buenas, ¿me podéis pasar números de la 650 con entrada de 60.000 y el resto a cinco años, "
                "pagando después de cada cosecha?",
            ),
            Answer(
                "+1 9:40",
                CARMEN,
                """
Buenos días, Damián:

Adjunto la simulación con cuota anual en noviembre, cuando cobráis el arroz. Incluye el seguro; sin él \
baja unos \
900 € al año.""",
                then="waiting",
                files=(
                    paper(
                        "simulacion-terra650.pdf",
                        "Simulación de financiación",
                        "Terra 650 · entrada 60.000 €",
                        "5 cuotas anuales en noviembre: 31.480 €",
                        "Sin compromiso, 30 días",
                    ),
                ),
            ),
            Note(
                "+1 9:45", CARMEN, "Llamarle el lunes. Está mirando también una de segunda mano en Sevilla."
            ),
        ),
    ),
    Story(
        6,
        VENTAS,
        MONTSE,
        "Plataforma de recolección de alquiler",
        (
            Mail(
                "9:05",
                "Bon dia, ¿tenéis plataformas de recolección en alquiler para septiembre? Me harían "
                "falta dos "
                "durante tres semanas.",
            ),
            Answer(
                "10:31",
                CARMEN,
                "Me queda una segura y otra pendiente de que la devuelvan el día 4. Te confirmo las "
                "dos antes del viernes. Precio: 420 € por semana cada una.",
                then="waiting",
            ),
            Mail("10:40", "Espero entonces. Resérvame la segura, por favor."),
        ),
    ),
    Story(
        9,
        VENTAS,
        ROGELIO,
        "Recogida del tractor viejo",
        (
            Mail(
                "18:32",
                "Carmen, ¿cuándo venís a por el tractor viejo? Me ocupa media nave y ya he cobrado la paja.",
            ),
            Answer(
                "+1 8:20",
                CARMEN,
                "El martes a las 16:00 va la góndola, Rogelio. Saca lo que tengas en la cabina: "
                "la última vez volvió un jamón.",
                then="closed",
            ),
            Mail("+1 8:44", "El jamón no se toca. Hasta el martes."),
            Close("+1 9:00", CARMEN),
        ),
    ),
    Story(
        16,
        VENTAS,
        AMPARO,
        "Folleto de los tractores fruteros",
        (
            Mail("11:20", "Hola, ¿me podéis mandar el folleto de los fruteros con cabina de categoría 4?"),
            Answer(
                "11:52",
                CARMEN,
                "Aquí lo tienes, Amparo. La cabina de categoría 4 es de serie en los dos modelos grandes.",
                then="closed",
                files=(
                    paper("folleto-fruteros.pdf", "Gama Alba F", "F75 · F90 · F105", "Cabina de categoría 4"),
                ),
            ),
        ),
    ),
    Story(
        5,
        VENTAS,
        CLARA,
        "Oferta para renovar dos tractores",
        (
            Mail(
                "9:48",
                """Buenos días, Carmen:

La dirección ha aprobado renovar dos unidades. Necesitamos oferta de dos Alba 6155 con cargador y \
contrato de \
mantenimiento de 3 años, a la atención de quien suscribe y antes del día 15.

Clara Ugarte""",
            ),
            Answer(
                "12:30",
                CARMEN,
                """
Buenos días, Clara:

Gracias por contar con nosotros. Antes de cerrar la oferta, dos preguntas: ¿cargador con amortiguación? \
¿Y el \
mantenimiento en vuestra nave o en el taller? Con eso la tienes mañana.""",
                then="waiting",
            ),
            Mail("+1 10:02", "Con amortiguación y en nuestra nave, por favor."),
            Answer(
                "+1 16:45",
                CARMEN,
                "Adjunta va la oferta. He copiado a Lucía, que llevaría el mantenimiento.",
                then="waiting",
                files=(
                    paper(
                        "oferta-2026-0311.pdf",
                        "Oferta 2026-0311",
                        "2 x Alba 6155 con cargador",
                        "Contrato de mantenimiento 3 años",
                        "Plazo de entrega: 10 semanas",
                    ),
                ),
            ),
            Note(
                "+1 17:00",
                LUCIA,
                "Por mi parte, mantenimiento en su nave sin problema: pasamos por allí cada mes.",
            ),
        ),
    ),
)
