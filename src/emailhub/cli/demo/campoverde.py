"""Campo Verde, a dealership in Lleida: its advisors and its customers."""

from __future__ import annotations

from emailhub.web.demo_mail.letters import Program

from .story import Colleague, Customer

SERVICIO, REPUESTOS, VENTAS = TEAMS = ("Servicio", "Repuestos", "Ventas")

LUCIA = Colleague(
    "Lucía Ferrer", "lucia@campoverde.example", TEAMS, "Jefa de posventa", "973 555 014", (SERVICIO,), "admin"
)
MARTA = Colleague(
    "Marta Ibáñez", "marta@campoverde.example", (SERVICIO,), "Recepción de taller", "973 555 015", (SERVICIO,)
)
ANDRES = Colleague(
    "Andrés Quintana", "andres@campoverde.example", (SERVICIO, REPUESTOS), "Mecánico de campo", "600 555 120"
)
JORDI = Colleague("Jordi Puigdomènech", "jordi@campoverde.example", (SERVICIO,), "Diagnosis y electrónica")
NEREA = Colleague(
    "Nerea Olaizola", "nerea@campoverde.example", (REPUESTOS,), "Almacén", "973 555 021", (REPUESTOS,)
)
IVAN = Colleague("Iván Robles", "ivan@campoverde.example", (REPUESTOS,), "Mostrador", "973 555 022")
CARMEN = Colleague(
    "Carmen Sanchís", "carmen@campoverde.example", (VENTAS,), "Maquinaria nueva", "600 555 131", (VENTAS,)
)
ROSA = Colleague("Rosa Peñalver", "rosa@campoverde.example", TEAMS, "Administración", role="view_only")
COLLEAGUES = (LUCIA, MARTA, ANDRES, JORDI, NEREA, IVAN, CARMEN, ROSA)

JOAQUIN = Customer(
    "Joaquín Belmonte",
    "joaquin@losalmendros.example",
    "Agropecuaria Los Almendros",
    "+34 600 555 214",
    Program.IPHONE,
)
INES = Customer(
    "Inés Roldán",
    "administracion@losalmendros.example",
    "Agropecuaria Los Almendros",
    "+34 973 555 260",
    Program.OUTLOOK,
)
SAN_ISIDRO = Customer(
    "Pilar Arnau",
    "taller@coopsanisidro.example",
    "Cooperativa San Isidro",
    "+34 973 555 301",
    Program.OUTLOOK,
)
NURIA = Customer("Nuria Casals", "nuria@masdelriu.example", "Mas del Riu", "+34 600 555 318", Program.GMAIL)
PARDO = Customer(
    "Esteban Pardo",
    "esteban@tallerespardo.example",
    "Talleres Hermanos Pardo",
    "+34 974 555 118",
    Program.THUNDERBIRD,
)
VALDELAGUA = Customer(
    "Gonzalo Arce", "campo@valdelagua.example", "Bodegas Valdelagua", "+34 941 555 070", Program.OUTLOOK
)
MIGUEL_ANGEL = Customer(
    "Miguel Ángel Etxeberria-Goikoetxea",
    "miguelangel@etxegoiko.example",
    "",
    "+34 600 555 402",
    Program.SAMSUNG,
)
RAMON = Customer("Ramón Vidal", "ramon.vidal@correoagro.example", "", "+34 600 555 417", Program.SAMSUNG)
ENCINAR = Customer(
    "Beatriz Luque",
    "beatriz@elencinar.example",
    "Explotaciones El Encinar",
    "+34 957 555 233",
    Program.OUTLOOK,
)
TERESA = Customer("Teresa Olmo", "teresa.olmo@correoagro.example", "", "+34 600 555 429", Program.GMAIL)
FELIPE = Customer(
    "Felipe Cortázar", "felipe@cortazarehijos.example", "Cortázar e Hijos", "+34 948 555 611", Program.IPHONE
)
MONTSE = Customer(
    "Montse Farré", "montse@fruitesfarre.example", "Fruites Farré", "+34 973 555 344", Program.GMAIL
)
ANTONIO = Customer(
    "Antonio Gil",
    "antonio.gil@regantesaltobre.example",
    "Regantes del Alto Ebro",
    "+34 976 555 090",
    Program.THUNDERBIRD,
)
LOLA = Customer(
    "Lola Mena", "lola@ganaderiamena.example", "Ganadería Mena", "+34 927 555 812", Program.IPHONE
)
PERE = Customer("Pere Solsona", "pere@calsolsona.example", "Cal Solsona", "+34 600 555 460", Program.GMAIL)
CLARA = Customer(
    "Clara Ugarte",
    "compras@servagrodelebro.example",
    "Servicios Agrícolas del Ebro",
    "+34 941 555 733",
    Program.OUTLOOK,
)
DAMIAN = Customer(
    "Damián Rey", "damian@arrozalesdelta.example", "Arrozales del Delta", "+34 977 555 208", Program.SAMSUNG
)
VICENTE = Customer(
    "Vicente Alarcón", "vicente@ajosalarcon.example", "Ajos Alarcón", "+34 967 555 144", Program.GMAIL
)
SONIA = Customer(
    "Sonia Blasco",
    "sonia.blasco@ayto-vallhonda.example",
    "Ayuntamiento de Vallhonda",
    "+34 974 555 020",
    Program.OUTLOOK,
)
ROGELIO = Customer(
    "Rogelio Sanz", "rogelio@sanzhermanos.example", "Sanz Hermanos", "+34 975 555 366", Program.SAMSUNG
)
AMPARO = Customer(
    "Amparo Giner", "amparo@citricsginer.example", "Cítrics Giner", "+34 964 555 527", Program.IPHONE
)
TRANSPORTES = Customer(
    "Tráfico Transportes Segre",
    "trafico@transportessegre.example",
    "Transportes Segre",
    "+34 973 555 700",
    Program.OUTLOOK,
)
ELENA = Customer("Elena Prats", "elena.prats@correoagro.example", known=False)
KOLDO = Customer("Koldo Irizar", "koldo@irizarbasoak.example", program=Program.GMAIL, known=False)
JULIAN = Customer("Julián Moreno", "julianmoreno@correoagro.example", program=Program.SAMSUNG, known=False)
ADRIA = Customer("Adrià Bosch", "adria@hidraulicasur.example", program=Program.THUNDERBIRD, known=False)
