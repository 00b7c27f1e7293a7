"""What is written to the parts counter of Campo Verde."""

from __future__ import annotations

from emailhub.web.demo_mail.files import paper, photo

from .campoverde import (
    ANTONIO,
    CLARA,
    ENCINAR,
    INES,
    IVAN,
    JOAQUIN,
    KOLDO,
    LOLA,
    NEREA,
    PARDO,
    PERE,
    REPUESTOS,
    ROGELIO,
    SAN_ISIDRO,
    TERESA,
    TRANSPORTES,
    VALDELAGUA,
    VICENTE,
)
from .story import Answer, Assign, Close, Mail, Note, Story

STORIES = (
    Story(
        1,
        REPUESTOS,
        PARDO,
        "Presupuesto del embrague de la toma de fuerza",
        (
            Mail(
                "9:20",
                """Buenos días:

Necesito precio y plazo del embrague de la toma de fuerza para un Alba 5100 de 2014, bastidor AL5100-01882. \
Si hay kit con discos y muelles, mejor el kit.

Esteban
Talleres Hermanos Pardo""",
            ),
            Answer(
                "10:05",
                IVAN,
                """
Hola, Esteban:

El kit completo es el 61-0440, 486 € más IVA, y con tu descuento de taller se queda en 413,10 €. Tengo uno. \
¿Te lo aparto?""",
            ),
            Mail("11:30", "Apártalo, mañana te confirmo con el cliente."),
            Answer("11:36", IVAN, "Queda reservado hasta el viernes a tu nombre.", then="waiting"),
        ),
    ),
    Story(
        0,
        REPUESTOS,
        CLARA,
        "Pedido 4500071823: filtros para la flota",
        (
            Mail(
                "-130 min",
                """Buenos días:

Adjunto nuestro pedido 4500071823 de filtros para los seis tractores. Necesitamos la entrega *en una sola \
vez* y \
el albarán con nuestro número de pedido; la última vez llegó en tres cajas sin identificar.

Clara Ugarte
Compras, Servicios Agrícolas del Ebro""",
                files=(
                    paper(
                        "pedido-4500071823.pdf",
                        "Pedido 4500071823",
                        "6 x filtro de aceite 10-2231",
                        "6 x filtro de gasóleo 10-2240",
                        "6 x filtro de habitáculo 10-2307",
                        "Entrega: nave 3, de 8 a 14 h",
                    ),
                ),
            ),
            Assign("-120 min", NEREA, IVAN),
            Note(
                "-110 min",
                IVAN,
                "Faltan dos filtros de habitáculo; llegan mañana con el camión de la central. No "
                "preparar hasta que esté todo.",
            ),
        ),
    ),
    Story(
        0,
        REPUESTOS,
        ROGELIO,
        "¿Tenéis cuchillas del picador?",
        (
            Mail(
                "-25 min",
                "Buenas, necesito 24 cuchillas del picador para la Terra 770, dentadas. ¿Las tenéis o hay "
                "que pedirlas? Paso esta tarde por ahí.",
            ),
        ),
    ),
    Story(
        2,
        REPUESTOS,
        TRANSPORTES,
        "Incidencia en el envío 88213",
        (
            Mail(
                "8:05",
                """Buenos días:

El bulto del envío 88213 (destino: Ganadería Mena) figura como ausente. El conductor indica que la nave \
estaba \
cerrada a las 13:50. Indíquennos nueva fecha de entrega, por favor.

Departamento de Tráfico
Transportes Segre""",
            ),
            Answer(
                "8:30",
                NEREA,
                """
Buenos días:

Entréguenlo mañana antes de las 11:00, que es cuando hay alguien en la nave. Teléfono de contacto para el \
conductor: 927 555 812.""",
                then="waiting",
            ),
            Mail("+1 11:20", "Entregado hoy a las 10:12. Firma: L. Mena. Saludos."),
            Close("+1 11:31", NEREA),
        ),
    ),
    Story(
        5,
        REPUESTOS,
        LOLA,
        "La pala ha llegado sin los bulones",
        (
            Mail(
                "17:15",
                "Ha llegado la pala del telescópico, pero sin los bulones. Sin ellos no la puedo poner.",
                photos=(photo("pala-sin-bulones.png", "part"),),
            ),
            Answer(
                "17:40",
                IVAN,
                """
Vaya, Lola, se nos quedaron aquí en una bolsa. Salen ahora con el mensajero de la tarde y los tienes \
mañana a \
primera hora. Los portes, por nuestra cuenta.""",
            ),
            Mail(
                "+1 9:10",
                "Ya están aquí y la pala puesta. Gracias, Iván.",
                photos=(photo("puesta.png", "field"),),
            ),
            Answer("+1 9:22", IVAN, "Estupendo. Perdona por el despiste.", then="closed"),
        ),
    ),
    Story(
        3,
        REPUESTOS,
        VICENTE,
        "Devolución del alternador",
        (
            Mail(
                "10:00",
                "El alternador que me llevé la semana pasada no es el de mi tractor: el mío lleva "
                "la polea de "
                "ocho canales. Está sin montar, con su caja. ¿Lo puedo devolver?",
            ),
            Answer(
                "10:25",
                NEREA,
                """
Claro, Vicente. Tráelo con el albarán y te hacemos el abono. El de ocho canales es el 22-1181; lo pido hoy y \
llega pasado mañana, así haces un solo viaje.""",
                then="waiting",
            ),
        ),
    ),
    Story(
        4,
        REPUESTOS,
        JOAQUIN,
        "Correas para la Terra 880",
        (
            Mail(
                "7:45",
                "Buenos días, para la campaña quiero tener en casa un juego de correas de la 880. ¿Me decís "
                "qué llevaríais vosotros y cuánto sale?",
            ),
            Answer(
                "9:12",
                NEREA,
                """
Buenos días, Joaquín:

Yo me llevaría tres: la del cilindro de trilla (84-3301), la del elevador de grano (84-3318) y la del \
picador \
(84-3340). Las tres, 392 € más IVA. Si no las usas, te las recogemos sin cargo al acabar la campaña.""",
                cc=(INES,),
            ),
            Mail("9:40", "Me parece bien. Las recojo yo."),
            Answer("9:46", NEREA, "Preparadas en el mostrador.", then="closed"),
        ),
    ),
    Story(
        6,
        REPUESTOS,
        TERESA,
        "Llave de contacto perdida",
        (
            Mail(
                "19:20",
                "He perdido la llave del 4075 en el campo, con el llavero de mi abuelo y todo. ¿Hacéis copia "
                "con el número de bastidor? Es el AL4075-00916.",
            ),
            Answer(
                "+1 8:15",
                IVAN,
                "Sí, Teresa. Ese modelo lleva llave universal: 9 €, y puedes recogerla ya. Para el "
                "llavero me temo que no tengo referencia.",
                then="closed",
            ),
            Mail("+1 8:31", "¡Jajaja! Voy para allá."),
            Close("+1 8:40", IVAN),
        ),
    ),
    Story(
        8,
        REPUESTOS,
        VALDELAGUA,
        "Antena de repuesto para el autoguiado",
        (
            Mail(
                "16:10",
                "Hola, Jordi me dice que pida precio de una segunda antena para tener de reserva. Bodegas "
                "Valdelagua, el equipo del viñero.",
            ),
            Answer(
                "16:55",
                IVAN,
                "La 97-0120, con cable de 4 metros: 1.140 € más IVA. Plazo, una semana. Si la pides "
                "con la actualización de mapas hay un 10 % de descuento.",
                then="waiting",
            ),
        ),
    ),
    Story(
        11,
        REPUESTOS,
        SAN_ISIDRO,
        "Albarán sin firmar",
        (
            Mail(
                "12:02",
                "Nos falta el albarán firmado del aceite (200 l) para cuadrar la factura de este mes. ¿Lo "
                "tenéis?",
            ),
            Answer(
                "12:20",
                NEREA,
                "Aquí va, firmado por Mateu.",
                then="closed",
                files=(
                    paper(
                        "albaran-30718.pdf",
                        "Albarán 30718",
                        "Aceite 15W-40, bidón 200 l: 1",
                        "Recibido: M. Palau",
                    ),
                ),
            ),
            Mail("12:24", "Perfecto, gracias."),
            Close("12:30", NEREA),
        ),
    ),
    Story(
        13,
        REPUESTOS,
        ANTONIO,
        "Juntas de la bomba de la acequia",
        (
            Mail(
                "8:50",
                "Buenos días. ¿Tenéis juntas para la bomba centrífuga de la toma de fuerza? La placa casi no "
                "se lee, os mando foto.",
                photos=(photo("placa.png", "part"),),
            ),
            Answer(
                "9:30",
                IVAN,
                "Por el diámetro es la serie 80. Te preparo el juego completo, 34 €. Si al abrirla ves "
                "el eje marcado, no la montes: avisa y lo rectificamos.",
                then="closed",
            ),
        ),
    ),
    Story(
        1,
        REPUESTOS,
        KOLDO,
        "Cadenas para autocargador forestal",
        (
            Mail(
                "11:48",
                """Kaixo, buenos días:

Busco cadenas de tracción para un autocargador, rueda 710/45-26.5. Me las han recomendado a través de \
vosotros. \
¿Trabajáis material forestal?

Koldo Irizar""",
            ),
            Answer(
                "12:30",
                NEREA,
                """Buenos días, Koldo:

Sí, bajo pedido. En esa medida las hay de 16 y de 19 mm. Para ladera con roca te aconsejo las de 19. \
¿Cuántos \
ejes son?""",
                then="waiting",
            ),
            Mail("-300 min", "Dos ejes, cuatro cadenas de 19 mm. ¿Precio puestas en Azpeitia?"),
        ),
    ),
    Story(
        15,
        REPUESTOS,
        ENCINAR,
        "Garantía: piezas que piden de vuelta",
        (
            Mail(
                "9:33",
                "Buenos días, ¿la bomba vieja os la tenemos que mandar nosotros o la recogéis? La "
                "tenemos aquí "
                "metida en un cubo.",
            ),
            Answer(
                "10:10",
                NEREA,
                "La recogemos nosotros cuando lleve el camión el tractor de cortesía. Dejadla bien "
                "cerrada y etiquetada, por favor.",
                then="closed",
            ),
        ),
    ),
    Story(
        7,
        REPUESTOS,
        PERE,
        "Hilo de empacar: ¿cuántas bobinas?",
        (
            Mail(
                "13:40",
                "¿Cuántas bobinas de hilo calculáis para 3.000 pacas pequeñas? No quiero quedarme corto un "
                "domingo.",
            ),
            Answer(
                "15:12",
                IVAN,
                """Con hilo de 400 m/kg y paca de 90 cm te salen unas 11 bobinas. Llévate 12 y la que \
no abras la devuelves.""",
                then="closed",
            ),
        ),
    ),
)
