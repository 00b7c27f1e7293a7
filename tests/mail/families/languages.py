"""What mail programs write by themselves in eight languages, and what our people write in them.

The old mail is always Ana's, of 23 November 2026, 10:04 in Madrid.
"""

from __future__ import annotations

from dataclasses import dataclass

ANA = "Ana García"
ANA_AT = "ana@dealer.example"
CARLA_AT = "carla@farm.example"


@dataclass(frozen=True)
class Language:
    """One language; `sent_long` is the date as Outlook writes it."""

    code: str
    new: tuple[str, str]  # two paragraphs that the customer wrote
    old: tuple[str, str]  # two that we had written before
    subject: str
    reply: str  # what an Outlook of this language puts before the subject
    forward: str
    gmail: str
    apple: str
    thunderbird: str
    yahoo: str
    proton: str
    roundcube: str
    labels: tuple[str, str, str, str]  # From, Sent, To, Subject of Outlook
    phone_labels: tuple[str, str, str, str]  # the same of Samsung and of Gmail's forwards
    sent_long: str
    original: str  # "Original message"
    forwarded: str  # "Forwarded message"
    apple_forwarded: str
    phone_signature: str


LANGUAGES = (
    Language(
        "en",
        ("The seal arrived today, but it is the wrong size.", "Could you send the one for the 6R instead?"),
        ("We have sent you the seal for the pump.", "Please tell us whether it fits."),
        "Seal for the pump",
        "RE:",
        "FW:",
        "On Mon, Nov 23, 2026 at 10:04 AM Ana García <ana@dealer.example> wrote:",
        "On 23 Nov 2026, at 10:04, Ana García <ana@dealer.example> wrote:",
        "On 23/11/2026 10:04, Ana García wrote:",
        "On Monday, November 23, 2026 at 10:04:33 AM GMT+1, Ana García <ana@dealer.example> wrote:",
        "On Monday, November 23rd, 2026 at 10:04, Ana García <ana@dealer.example> wrote:",
        "On 2026-11-23 10:04, Ana García wrote:",
        ("From:", "Sent:", "To:", "Subject:"),
        ("From:", "Date:", "To:", "Subject:"),
        "Monday, November 23, 2026 10:04 AM",
        "Original message",
        "Forwarded message",
        "Begin forwarded message:",
        "Sent from my iPhone",
    ),
    Language(
        "es",
        ("El retén llegó hoy, pero no es de la medida correcta.", "¿Podrían enviarme el del 6R?"),
        ("Le hemos enviado el retén de la bomba.", "Díganos por favor si encaja."),
        "Retén de la bomba",
        "RE:",
        "RV:",
        "El lun, 23 nov 2026 a las 10:04, Ana García (<ana@dealer.example>) escribió:",
        "El 23 nov 2026, a las 10:04, Ana García <ana@dealer.example> escribió:",
        "El 23/11/2026 a las 10:04, Ana García escribió:",
        "En lunes, 23 de noviembre de 2026, 10:04:33 CET, Ana García <ana@dealer.example> escribió:",
        "El lunes, 23 de noviembre de 2026 a las 10:04, Ana García <ana@dealer.example> escribió:",
        "El 2026-11-23 10:04, Ana García escribió:",
        ("De:", "Enviado:", "Para:", "Asunto:"),
        ("De:", "Fecha:", "Para:", "Asunto:"),
        "lunes, 23 de noviembre de 2026 10:04",
        "Mensaje original",
        "Mensaje reenviado",
        "Inicio del mensaje reenviado:",
        "Enviado desde mi iPhone",
    ),
    Language(
        "fr",
        (
            "Le joint est arrivé aujourd'hui, mais il n'a pas la bonne taille.",
            "Pourriez-vous envoyer celui du 6R ?",
        ),
        ("Nous vous avons envoyé le joint de la pompe.", "Dites-nous s'il convient."),
        "Joint de la pompe",
        "RE:",
        "TR:",
        "Le lun. 23 nov. 2026 à 10:04, Ana García <ana@dealer.example> a écrit :",
        "Le 23 nov. 2026 à 10:04, Ana García <ana@dealer.example> a écrit :",
        "Le 23/11/2026 à 10:04, Ana García a écrit :",
        "Le lundi 23 novembre 2026 à 10:04:33 UTC+1, Ana García <ana@dealer.example> a écrit :",
        "Le lundi 23 novembre 2026 à 10:04, Ana García <ana@dealer.example> a écrit :",
        "Le 2026-11-23 10:04, Ana García a écrit :",
        ("De :", "Envoyé :", "À :", "Objet :"),
        ("De :", "Date :", "À :", "Objet :"),
        "lundi 23 novembre 2026 10:04",
        "Message d'origine",
        "Message transféré",
        "Début du message transféré :",
        "Envoyé de mon iPhone",
    ),
    Language(
        "de",
        (
            "Die Dichtung ist heute gekommen, hat aber die falsche Größe.",
            "Können Sie mir die für den 6R schicken?",
        ),
        ("Wir haben Ihnen die Dichtung der Pumpe geschickt.", "Sagen Sie uns bitte, ob sie passt."),
        "Dichtung der Pumpe",
        "AW:",
        "WG:",
        "Am Mo., 23. Nov. 2026 um 10:04 Uhr schrieb Ana García <ana@dealer.example>:",
        "Am 23.11.2026 um 10:04 schrieb Ana García <ana@dealer.example>:",
        "Am 23.11.26 um 10:04 schrieb Ana García:",
        "Am Montag, 23. November 2026 um 10:04:33 MEZ hat Ana García <ana@dealer.example> Folgendes geschrieben:",
        "Am Montag, 23. November 2026 um 10:04 schrieb Ana García <ana@dealer.example>:",
        "Am 23.11.2026 10:04, schrieb Ana García:",
        ("Von:", "Gesendet:", "An:", "Betreff:"),
        ("Von:", "Datum:", "An:", "Betreff:"),
        "Montag, 23. November 2026 10:04",
        "Ursprüngliche Nachricht",
        "Weitergeleitete Nachricht",
        "Anfang der weitergeleiteten Nachricht:",
        "Von meinem iPhone gesendet",
    ),
    Language(
        "it",
        ("La guarnizione è arrivata oggi, ma la misura è sbagliata.", "Potete mandarmi quella del 6R?"),
        ("Le abbiamo spedito la guarnizione della pompa.", "Ci dica se va bene."),
        "Guarnizione della pompa",
        "R:",
        "I:",
        "Il giorno lun 23 nov 2026 alle ore 10:04 Ana García <ana@dealer.example> ha scritto:",
        "Il giorno 23 nov 2026, alle ore 10:04, Ana García <ana@dealer.example> ha scritto:",
        "Il 23/11/2026 10:04, Ana García ha scritto:",
        "Il lunedì 23 novembre 2026 alle ore 10:04:33 CET, Ana García <ana@dealer.example> ha scritto:",
        "Il lunedì 23 novembre 2026 10:04, Ana García <ana@dealer.example> ha scritto:",
        "Il 2026-11-23 10:04 Ana García ha scritto:",
        ("Da:", "Inviato:", "A:", "Oggetto:"),
        ("Da:", "Data:", "A:", "Oggetto:"),
        "lunedì 23 novembre 2026 10:04",
        "Messaggio originale",
        "Messaggio inoltrato",
        "Inizio messaggio inoltrato:",
        "Inviato da iPhone",
    ),
    Language(
        "pt",
        ("O retentor chegou hoje, mas o tamanho está errado.", "Podem enviar o do 6R?"),
        ("Enviámos o retentor da bomba.", "Diga-nos por favor se serve."),
        "Retentor da bomba",
        "RE:",
        "ENC:",
        "Em seg., 23 de nov. de 2026 às 10:04, Ana García <ana@dealer.example> escreveu:",
        "No dia 23/11/2026, às 10:04, Ana García <ana@dealer.example> escreveu:",
        "Em 23/11/2026 10:04, Ana García escreveu:",
        "Em segunda-feira, 23 de novembro de 2026 às 10:04:33 BRT, Ana García <ana@dealer.example> escreveu:",
        "Em segunda-feira, 23 de novembro de 2026 às 10:04, Ana García <ana@dealer.example> escreveu:",
        "Em 2026-11-23 10:04, Ana García escreveu:",
        ("De:", "Enviado:", "Para:", "Assunto:"),
        ("De:", "Data:", "Para:", "Assunto:"),
        "segunda-feira, 23 de novembro de 2026 10:04",
        "Mensagem original",
        "Mensagem encaminhada",
        "Início da mensagem reencaminhada:",
        "Enviado do meu iPhone",
    ),
    Language(
        "pl",
        ("Uszczelka przyszła dzisiaj, ale ma zły rozmiar.", "Czy mogą Państwo wysłać tę do 6R?"),
        ("Wysłaliśmy Państwu uszczelkę do pompy.", "Prosimy o informację, czy pasuje."),
        "Uszczelka do pompy",
        "ODP:",
        "PD:",
        "pon., 23 lis 2026 o 10:04 Ana García <ana@dealer.example> napisał(a):",
        "Wiadomość napisana przez Ana García <ana@dealer.example> w dniu 23.11.2026, o godz. 10:04:",
        "W dniu 23.11.2026 o 10:04, Ana García pisze:",
        "W dniu poniedziałek, 23 listopada 2026 10:04:33 CET użytkownik Ana García <ana@dealer.example> napisał:",
        "W dniu poniedziałek, 23 listopada 2026 10:04 Ana García <ana@dealer.example> napisał(a):",
        "W dniu 2026-11-23 10:04, Ana García napisał(a):",
        ("Od:", "Wysłane:", "Do:", "Temat:"),
        ("Od:", "Data:", "Do:", "Temat:"),
        "poniedziałek, 23 listopada 2026 10:04",
        "Oryginalna wiadomość",
        "Wiadomość przekazana dalej",
        "Początek przekazywanej wiadomości:",
        "Wysłane z iPhone'a",
    ),
    Language(
        "nl",
        (
            "De afdichting is vandaag aangekomen, maar heeft de verkeerde maat.",
            "Kunt u die voor de 6R sturen?",
        ),
        ("Wij hebben u de afdichting van de pomp gestuurd.", "Laat ons weten of hij past."),
        "Afdichting van de pomp",
        "Antw:",
        "Doorst:",
        "Op ma 23 nov 2026 om 10:04 schreef Ana García <ana@dealer.example>:",
        "Op 23 nov 2026, om 10:04 heeft Ana García <ana@dealer.example> het volgende geschreven:",
        "Op 23-11-2026 om 10:04 schreef Ana García:",
        "Op maandag 23 november 2026 om 10:04:33 CET schreef Ana García <ana@dealer.example>:",
        "Op maandag 23 november 2026 om 10:04 schreef Ana García <ana@dealer.example>:",
        "Op 23-11-2026 10:04 schreef Ana García:",
        ("Van:", "Verzonden:", "Aan:", "Onderwerp:"),
        ("Van:", "Datum:", "Aan:", "Onderwerp:"),
        "maandag 23 november 2026 10:04",
        "Oorspronkelijk bericht",
        "Doorgestuurd bericht",
        "Begin doorgestuurd bericht:",
        "Verstuurd vanaf mijn iPhone",
    ),
)
