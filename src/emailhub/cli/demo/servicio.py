"""What is written to the workshop of Campo Verde."""

from __future__ import annotations

from emailhub.web.demo_mail.files import paper, photo

from .campoverde import (
    ADRIA,
    AMPARO,
    ANDRES,
    ANTONIO,
    DAMIAN,
    ELENA,
    ENCINAR,
    FELIPE,
    INES,
    JOAQUIN,
    JORDI,
    LOLA,
    LUCIA,
    MARTA,
    MIGUEL_ANGEL,
    MONTSE,
    NEREA,
    NURIA,
    PERE,
    RAMON,
    REPUESTOS,
    ROGELIO,
    SAN_ISIDRO,
    SERVICIO,
    SONIA,
    TERESA,
    VALDELAGUA,
    VICENTE,
)
from .story import Answer, Assign, Bounce, Chat, Close, Customer, Mail, Move, Note, Story, Summary, Text

PARTE = paper(
    "parte-horas-terra880.pdf",
    "Parte de horas · Terra 880",
    "Propietario: Agropecuaria Los Almendros",
    "Horas de motor: 1.240",
    "Horas de trilla: 905",
    "Última revisión: a las 1.000 h",
)
PRESUPUESTO_LATIGUILLO = paper(
    "presupuesto-2026-1187.pdf",
    "Presupuesto 2026-1187",
    "Latiguillo de presión 84-2217: 118,40 €",
    "Aceite hidráulico HV 46, 10 l: 62,00 €",
    "Mano de obra: en garantía",
    "Válido 15 días",
)
HOJA_ENTREGA = paper(
    "hoja-entrega-alba7210.pdf",
    "Hoja de entrega · Alba 7210",
    "Bastidor: AL7210-004417",
    "Entregado a: Explotaciones El Encinar",
    "Garantía: 24 meses o 2.000 h",
)
CITA_ITV = paper(
    "cita-itv-remolque.pdf", "Cita de inspección", "Remolque basculante, 2 ejes", "Martes, 11:00"
)

STORIES = (
    Story(
        1,
        SERVICIO,
        JOAQUIN,
        "Fuga hidráulica en la cosechadora Terra 880",
        (
            Mail(
                "16:47",
                """
Buenas tardes:

Esta tarde, acabando la parcela del camino de Valdecañas, la Terra 880 ha empezado a perder aceite por la \
zona del elevador del cabezal. He parado enseguida, pero el nivel ya ha bajado a la mitad y el cabezal no \
aguanta arriba.

Nos quedan 40 hectáreas y dan lluvia para el sábado, así que cualquier hueco que tengáis nos salva.

Un saludo,
Joaquín""",
                cc=(INES,),
                photos=(photo("fuga-elevador.png", "leak"),),
                files=(PARTE,),
            ),
            Assign("16:52", MARTA, LUCIA),
            Summary(
                "16:55",
                LUCIA,
                "Terra 880 (2023, 1.240 h). Pierde aceite en el elevador del cabezal; el "
                "cabezal no aguanta arriba. Le quedan 40 ha de maíz y dan lluvia el sábado.",
            ),
            Answer(
                "16:59",
                LUCIA,
                """
Hola, Joaquín:

Por la foto es el latiguillo de presión del elevador. Mañana a las 8:00 sale Andrés con el recambio y \
aceite; en hora y media la tienes trabajando.

No la muevas con el cabezal levantado.""",
            ),
            Note(
                "17:12",
                LUCIA,
                "Andrés: queda un latiguillo 84-2217 en la estantería C4. Llévate también 10 l "
                "de aceite HV 46 y las juntas del racor.",
            ),
            Text("17:40", "El portón queda abierto, pasad sin llamar. ¿Sobre qué hora llega?"),
            Chat("17:44", LUCIA, "Perfecto. Andrés llega sobre las 8:40 con todo."),
            Text("17:45", "Gracias, Lucía 👍"),
            Mail(
                "-52 min",
                """
Buenos días: llevo la administración de Los Almendros.

¿Me podéis mandar el presupuesto a mí también antes de montar nada? Necesito que salga nuestro número de \
pedido (PA-3391) en la factura.

Gracias,
Inés Roldán""",
                by=INES,
            ),
        ),
    ),
    Story(
        0,
        SERVICIO,
        Customer("", "", phone="+34 600 555 871", known=False),
        "",
        (Text("-23 min", "Hola, soy el del remolque azul. ¿Está ya para recoger?"),),
    ),
    Story(
        0,
        SERVICIO,
        SAN_ISIDRO,
        "Revisión de las 500 horas del Alba 6155",
        (
            Mail(
                "-95 min",
                """
Buenos días:

El Alba 6155 del socio Mateu marca 492 horas. ¿Podría ser la revisión el *lunes a primera hora*? El martes \
empieza con la abonadora y ya no lo suelta.

Si hace falta, lo llevamos nosotros a Lleida con la góndola.

Pilar Arnau
Taller, Cooperativa San Isidro""",
            ),
        ),
    ),
    Story(
        0,
        SERVICIO,
        NURIA,
        "La barra de corte no sube del todo",
        (
            Mail(
                "-175 min",
                """
Hola, la barra de corte de la segadora se queda a dos palmos del suelo y no sube más. Ayer iba bien. En la \
pantalla sale un aviso que no entiendo, os mando foto.

Nuria""",
                photos=(photo("aviso-pantalla.png", "screen"),),
            ),
            Answer(
                "-150 min",
                JORDI,
                """
Hola, Nuria:

Ese aviso es del sensor de altura. Apaga el contacto, espera un minuto y vuelve a encender con la palanca en \
neutro. Si sigue igual, mira si el conector que hay debajo del brazo izquierdo está suelto o mojado.""",
            ),
            Mail(
                "-38 min",
                """He probado a reiniciar la centralita y sigue igual. El conector estaba seco. \
¿Puede venir alguien esta tarde? Tengo la alfalfa a medio segar.""",
            ),
        ),
    ),
    Story(
        1,
        SERVICIO,
        MIGUEL_ANGEL,
        "Ruido en la caja de cambios al reducir de C a B con remolque",
        (
            Mail(
                "17:40",
                """
Buenas. Cuando bajo el puerto con el remolque cargado y reduzco de C a B, la caja hace un ruido como de \
carraca. En llano no lo hace. El tractor es el Alba 5120, 3.800 horas.

Mi hijo lo ha grabado con el móvil, si queréis os lo paso. No me atrevo a seguir bajando así.""",
            ),
        ),
    ),
    Story(
        5,
        SERVICIO,
        RAMON,
        "Cita para la ITV del remolque",
        (
            Mail(
                "9:14",
                "Buenos días, ¿me podéis coger vosotros la cita de la ITV para el remolque? Matrícula "
                "E-5512-BBX. Cualquier día de la semana que viene menos el lunes.",
            ),
            Answer(
                "10:02",
                MARTA,
                """
Buenos días, Ramón:

Tienes cita el martes a las 11:00. Tráelo el lunes por la tarde y te revisamos luces y frenos antes; si no \
aparece nada, no te cobramos la revisión.""",
                then="waiting",
                files=(CITA_ITV,),
            ),
            Mail("12:20", "Perfecto, el lunes a las cinco estoy allí. Gracias."),
            Close("12:31", MARTA),
        ),
    ),
    Story(
        4,
        SERVICIO,
        ENCINAR,
        "Garantía de la bomba de inyección, Alba 7210",
        (
            Mail(
                "11:05",
                """
Buenos días:

Como hablamos por teléfono, el 7210 se quedó parado en la finca con la bomba de inyección. Adjunto la \
hoja de \
entrega firmada: todavía está en los 24 meses.

¿Lo tramitáis como garantía o tenemos que abrir nosotros el expediente?

Beatriz Luque
Explotaciones El Encinar""",
                files=(HOJA_ENTREGA,),
            ),
            Answer(
                "12:48",
                LUCIA,
                """
Hola, Beatriz:

Lo tramitamos nosotros. Necesito una foto de la placa de la bomba y el número de horas exacto cuando se \
paró; \
con eso el expediente sale hoy.""",
                then="waiting",
            ),
            Mail(
                "+1 9:22",
                "Van las dos cosas: foto de la placa y se paró con 1.611 horas.",
                photos=(photo("placa-bomba.png", "part"),),
            ),
            Answer(
                "+1 9:50",
                LUCIA,
                """
Recibido, expediente abierto con la referencia GA-20417. La fábrica suele contestar en tres días laborables; \
mientras tanto os dejamos un 6155 de cortesía, que sale mañana en el camión.""",
                then="waiting",
            ),
            Note(
                "+1 9:55",
                LUCIA,
                "El 6155 de cortesía vuelve el día 12 como muy tarde, lo tiene reservado Ventas "
                "para una demostración.",
            ),
        ),
    ),
    Story(
        3,
        SERVICIO,
        TERESA,
        "¿Qué aceite lleva el Alba 4075?",
        (
            Mail(
                "8:35",
                "Buenos días, ¿qué aceite le pongo al motor del 4075 y cuántos litros? Lo quiero hacer yo "
                "el fin de semana.",
            ),
            Answer(
                "8:51",
                ANDRES,
                """
Hola, Teresa: 15W-40 y 9,5 litros cambiando el filtro. Aprieta el tapón a 50 Nm y cambia la arandela de \
cobre, que no vale la vieja.""",
            ),
            Mail("9:07", "Apuntado, gracias. ¿La arandela la tenéis ahí?"),
            Answer(
                "9:15", ANDRES, "Sí, te dejo dos en el mostrador a tu nombre. Invita la casa.", then="closed"
            ),
        ),
    ),
    Story(
        6,
        SERVICIO,
        VALDELAGUA,
        "El GPS pierde la señal en el viñero",
        (
            Mail(
                "10:12",
                """
Buenos días:

Desde la actualización de la semana pasada el autoguiado del viñero se desconecta en las calles de abajo, \
junto al río. En la ladera va fino. Vamos con tratamientos y el tractorista no puede ir mirando la pantalla.

Gonzalo Arce
Bodegas Valdelagua""",
            ),
            Answer(
                "13:30",
                JORDI,
                """
Hola, Gonzalo:

En esas calles los chopos tapan el satélite y con la versión nueva el equipo es más exigente. Quería \
mirar el \
registro antes de tocar nada: ¿puedes sacar el archivo del menú Diagnóstico > Exportar y mandármelo?""",
                then="waiting",
            ),
            Mail(
                "+1 8:20",
                "Aquí lo tienes.",
                files=(
                    paper(
                        "registro-gnss.pdf",
                        "Registro GNSS",
                        "07:41:12 corrección perdida",
                        "07:41:58 corrección recuperada",
                        "07:52:30 corrección perdida",
                    ),
                ),
            ),
            Note(
                "+1 9:00",
                JORDI,
                "Pierde la corrección, no el satélite. Es la antena: el cable está al límite de "
                "longitud. Hay una de repuesto en el almacén.",
            ),
            Answer(
                "+1 9:10",
                JORDI,
                """
Visto. Es la antena, no la actualización. Vamos el jueves a primera hora con una de repuesto; en una hora \
está \
cambiada y calibrada.""",
                then="waiting",
            ),
        ),
    ),
    Story(
        2,
        SERVICIO,
        MONTSE,
        "El atomizador no coge presión",
        (
            Mail(
                "7:58",
                """
Bon dia,

El atomizador se queda en 6 bares y antes daba 15 sin problema. He limpiado los filtros y las boquillas. \
Tengo \
que tratar los perales antes del viernes, que luego viene el calor.

Montse Farré · Fruites Farré""",
            ),
            Answer(
                "8:40",
                MARTA,
                """
Hola, Montse:

Con los filtros limpios suele ser la membrana de la bomba. Si lo traes hoy antes de las 14:00, te lo llevas \
esta misma tarde.""",
            ),
            Mail("8:49", "Salgo para allá ahora mismo."),
            Answer(
                "16:20",
                ANDRES,
                """
Montse, listo: membranas nuevas y aceite de la bomba, que salía como leche. Ya da los 15 bares. Lo tienes \
lavado en la puerta 2.""",
                then="closed",
            ),
        ),
    ),
    Story(
        8,
        SERVICIO,
        FELIPE,
        "Factura F-22918: horas de desplazamiento",
        (
            Mail(
                "12:15",
                """Hola. En la factura F-22918 salen 3 horas de desplazamiento y Andrés vino desde casa \
de mi vecino, que está a diez minutos. ¿Lo podéis revisar?

Felipe""",
            ),
            Note(
                "12:40",
                MARTA,
                "Cierto: ese día Andrés encadenó tres visitas en el mismo pueblo. Hay que repartir "
                "el desplazamiento entre los tres.",
            ),
            Answer(
                "13:05",
                MARTA,
                """
Tienes razón, Felipe: ese viaje se repartió entre tres clientes y en tu factura quedó entero. Te anulamos la \
F-22918 y mañana te llega la corregida con una hora. Disculpa.""",
            ),
            Mail("+1 10:30", "Recibida la nueva, todo correcto. Gracias por mirarlo rápido."),
            Close("+1 10:41", MARTA),
        ),
    ),
    Story(
        9,
        SERVICIO,
        ANTONIO,
        "Bomba de riego: salta el térmico",
        (
            Mail(
                "9:30",
                """Buenos días. La toma de fuerza mueve la bomba de la acequia alta y a los veinte minutos \
salta el testigo de temperatura del tractor (Alba 6120). Con menos vueltas aguanta, pero no llega agua al \
final.

¿Os lo acerco o es cosa de radiador?

Antonio Gil""",
            ),
            Answer(
                "9:55",
                ANDRES,
                """
Antes de traerlo, sopla el radiador de dentro afuera con aire y mira el intercooler: en la acequia se \
llena de \
vilano de chopo y se queda ciego. Si después sigue calentando, tráelo y miramos el termostato.""",
                then="waiting",
            ),
            Mail(
                "15:02", "Era eso, había una manta de pelusa de dos dedos. Tres horas seguidas sin calentar."
            ),
            Answer("15:10", ANDRES, "Me alegro. En esta época, cada dos días y ya está.", then="closed"),
        ),
    ),
    Story(
        7,
        SERVICIO,
        LOLA,
        "El telescópico se para al acelerar",
        (
            Mail(
                "18:05",
                "Hola, el telescópico de la nave se me para cuando acelero en frío. Luego va bien todo el "
                "día. Lo necesito para dar de comer, no lo puedo tener parado.",
            ),
            Answer(
                "+1 8:10",
                MARTA,
                """
Hola, Lola:

Para no pararte el día, Andrés pasa mañana a las 6:30, antes de que lo uses, y lo mira en frío. Déjalo sin \
arrancar, por favor.""",
                then="waiting",
            ),
            Note(
                "+2 7:25",
                ANDRES,
                "Prefiltro con agua, filtro principal negro. Cambiados los dos y purgado. El "
                "depósito de gasóleo de la finca coge agua: decírselo.",
            ),
            Answer(
                "+2 7:40",
                ANDRES,
                """
Lola, era agua en el gasóleo. Filtros cambiados y arranca a la primera. Mirad el tapón del depósito de la \
finca, que le entra la lluvia; si no, en un mes estamos igual.""",
                then="closed",
            ),
            Mail("+2 13:11", "¡Mil gracias! Mi padre ya le ha puesto una teja encima al tapón."),
            Close("+2 14:02", ANDRES),
        ),
    ),
    Story(
        12,
        SERVICIO,
        ROGELIO,
        "Desgaste raro en las ruedas delanteras",
        (
            Mail(
                "10:44",
                "Las ruedas de delante del 6155 se comen por dentro. 1.100 horas tienen. ¿Eso es normal o "
                "está mal alineado?",
                photos=(photo("rueda.png", "part"),),
            ),
            Answer(
                "11:20",
                ANDRES,
                "No es normal. Tráelo cuando pases por Lleida, medimos convergencia en veinte "
                "minutos y sin cita.",
                then="waiting",
            ),
        ),
    ),
    Story(
        3,
        SERVICIO,
        SONIA,
        "Mantenimiento de la barredora municipal",
        (
            Mail(
                "9:02",
                """Buenos días:

Solicitamos presupuesto para el mantenimiento anual de la barredora, con dos visitas y la sustitución de \
cepillos. El plazo para aprobar el gasto acaba el día 30.

Atentamente,
Sonia Blasco
Servicios Municipales, Ayuntamiento de Vallhonda""",
            ),
            Answer(
                "11:40",
                MARTA,
                """
Buenos días, Sonia:

Adjunto el presupuesto: dos visitas, cepillos y consumibles. Si necesitáis la factura electrónica con un \
código de oficina contable, indicadlo al aceptarlo.""",
                then="waiting",
                files=(
                    paper(
                        "presupuesto-barredora.pdf",
                        "Presupuesto 2026-1174",
                        "Mantenimiento anual, dos visitas: 640,00 €",
                        "Juego de cepillos: 212,00 €",
                        "IVA no incluido",
                    ),
                ),
            ),
            Mail(
                "11:41",
                """Gracias por tu mensaje. Estoy fuera de la oficina hasta el lunes. Para asuntos \
urgentes, llamad a la centralita del Ayuntamiento.

Sonia Blasco""",
                automatic=True,
            ),
        ),
    ),
    Story(
        18,
        SERVICIO,
        PERE,
        "Puesta a punto de la empacadora",
        (
            Mail(
                "8:15",
                "Hola, quiero dejar la empacadora a punto antes de que empiece la paja. ¿Qué día la llevo?",
            ),
            Answer("9:00", MARTA, "El miércoles a las 9:00, Pere. Cuenta con dejarla dos días."),
            Mail("9:20", "De acuerdo."),
            Answer(
                "+3 17:30",
                ANDRES,
                """
La tienes lista: agujas y anudadores regulados, cadenas nuevas y todo engrasado. He hecho veinte pacas de \
prueba con paja vieja y atan las veinte.""",
                then="closed",
            ),
            Mail(
                "+15 19:12",
                """Buenas, Andrés. La empacadora va de cine, pero hoy una de cada diez pacas sale \
sin atar por la derecha. ¿Será que se ha movido algo de lo que regulaste?

Pere""",
            ),
        ),
    ),
    Story(
        2,
        SERVICIO,
        DAMIAN,
        "Orugas para el arroz: ¿las montáis vosotros?",
        (
            Mail(
                "13:25",
                "Buenas, he comprado unas orugas de segunda mano para la Terra 650. ¿Las montáis vosotros "
                "y cuánto sería más o menos? Hay que ir al Delta, aquí no hay grúa.",
            ),
            Answer(
                "17:02",
                LUCIA,
                """
Hola, Damián:

Sí, con el camión grúa. Son dos mecánicos una jornada: unos 780 € más el desplazamiento. Antes necesito la \
referencia de las orugas, para ver que los cubos coincidan.""",
            ),
            Bounce("17:04", "552 5.2.2 mailbox full"),
            Note(
                "17:20",
                LUCIA,
                "Tiene el buzón lleno: le he llamado y dice que lo vacía esta noche. Reenviar mañana.",
            ),
        ),
    ),
    Story(
        1,
        SERVICIO,
        VICENTE,
        "Sembradora: un surco sale en blanco",
        (
            Mail(
                "12:30",
                "Hola, en la sembradora de ajo el surco 4 sale vacío cada pocos metros. He desmontado el "
                "disco y no veo nada. ¿Os suena?",
                photos=(photo("sembradora.png", "field"),),
            ),
            Assign("12:44", MARTA, JORDI),
            Answer(
                "13:10",
                JORDI,
                """
Me suena: casi siempre es la junta de vacío de ese cuerpo, que se agrieta y no se ve desmontada. Cámbiala \
por \
la del surco 8; si el fallo se va al 8, es la junta.""",
                then="waiting",
            ),
            Mail(
                "-200 min",
                "Bingo, ahora falla el 8. ¿Me mandáis una docena de juntas y así las cambio todas?",
            ),
        ),
    ),
    Story(
        0,
        SERVICIO,
        ELENA,
        "¿Arregláis desbrozadoras de otras marcas?",
        (
            Mail(
                "-64 min",
                "Hola, me han dado vuestro correo en la cooperativa. Tengo una desbrozadora de brazo con "
                "el rotor doblado, no es de vuestra marca. ¿La podéis mirar?\n\nElena Prats",
            ),
        ),
    ),
    Story(
        10,
        SERVICIO,
        AMPARO,
        "Pulverizador: certificado de inspección",
        (
            Mail(
                "9:41",
                "Bon dia, me piden el certificado de la inspección del pulverizador para la ayuda y no lo "
                "encuentro. ¿Me lo podéis volver a mandar?",
            ),
            Answer(
                "9:58",
                MARTA,
                "Aquí lo tienes, Amparo. Vale hasta dentro de dos años.",
                then="closed",
                files=(
                    paper(
                        "certificado-inspeccion.pdf",
                        "Certificado de inspección",
                        "Equipo: pulverizador 1.000 l",
                        "Titular: Cítrics Giner",
                        "Resultado: favorable",
                    ),
                ),
            ),
            Mail("10:07", "¡Qué rapidez! Gràcies."),
            Close("10:15", MARTA),
        ),
    ),
    Story(
        2,
        SERVICIO,
        ADRIA,
        "Oferta de latiguillos a medida",
        (
            Mail(
                "10:20",
                """Buenos días,

Somos Hidráulica Sur y fabricamos latiguillos a medida en el día. ¿A quién le puedo enviar nuestra tarifa?

Adrià Bosch""",
            ),
            Note("10:35", MARTA, "Es para Repuestos."),
            Move("10:36", LUCIA, REPUESTOS),
            Answer(
                "12:10",
                NEREA,
                """Buenos días, Adrià: la tarifa a este correo, por favor, con plazos para \
medidas de 1/4 a 1 pulgada.""",
                then="waiting",
            ),
        ),
    ),
)
