"""Automatic mail: how it is recognised, and to what no automatic answer may go (RFC 3834)."""

from __future__ import annotations

import re
import unicodedata

from emailhub.mail.message import Mailbox, Message

_REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-autoresponder", "x-mail-autoreply")
_LIST_HEADERS = ("list-id", "list-post", "mailing-list", "x-mailing-list")
_NEWSLETTER_HEADERS = ("list-unsubscribe", "list-help", "list-owner", "list-archive")
_SUPPRESSING = {"all", "autoreply", "oof"}  # [MS-OXCMAIL] X-Auto-Response-Suppress; DR, RN, NRN do not

_ROBOTS = {
    "mailerdaemon",
    "postmaster",
    "bounce",
    "bounces",
    "doublebounce",
    "listserv",
    "majordomo",
    "nobody",
    "daemon",
    "autoreply",
    "autoresponder",
    "nepasrepondre",
    "nichtantworten",
    "keineantwort",
    "nonrispondere",
    "noresponder",
    "noresponda",
    "naoresponder",
    "naoresponda",
    "noanswer",
}
_ROBOT_ENDS = ("noreply", "donotreply", "dontreply", "noresponder", "naoresponda", "nepasrepondre")
_SEPARATORS = re.compile(r"[-_.]")

# How programs begin the subject of an answer in absence, accents taken off.
_AWAY_SUBJECTS = (
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "out of office",
    "out of the office",
    "respuesta automatica",
    "fuera de la oficina",
    "fuera de oficina",
    "resposta automatica",
    "fora do escritorio",
    "mensagem de ausencia",
    "reponse automatique",
    "absence du bureau",
    "message d'absence",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesenheitsnachricht",
    "abwesenheit",
    "risposta automatica",
    "fuori ufficio",
    "messaggio di assenza",
    "odpowiedz automatyczna",
    "automatyczna odpowiedz",
    "poza biurem",
    "nieobecnosc",
    "automatisch antwoord",
    "afwezigheid",
    "afwezig",
    "niet aanwezig",
)
# What says the same in the text of a mail that is known to be automatic.
_AWAY_WORDS = (
    *_AWAY_SUBJECTS,
    "on vacation",
    "on holiday",
    "annual leave",
    "on leave",
    "de vacaciones",
    "estare ausente",
    "estoy ausente",
    "de ferias",
    "estarei ausente",
    "estou ausente",
    "en conge",
    "en vacances",
    "absent du bureau",
    "suis absent",
    "im urlaub",
    "nicht im buro",
    "nicht im hause",
    "ausser haus",
    "abwesend",
    "in ferie",
    "fuori sede",
    "saro assente",
    "sono assente",
    "na urlopie",
    "jestem nieobecn",
    "poza biurem",
    "ben afwezig",
    "met vakantie",
    "niet op kantoor",
)


def is_robot_address(address: str) -> bool:
    """Tell whether nobody reads what is sent to this address: no-reply, mailer-daemon, bounces ..."""
    local_part = address.rpartition("@")[0].partition("+")[0].lower()
    letters = _SEPARATORS.sub("", local_part)
    return (
        letters in _ROBOTS
        or letters.startswith(("noreply", "donotreply"))
        or letters.endswith(_ROBOT_ENDS)
        or local_part.startswith(("bounce-", "bounces-", "bounce_", "mailer-daemon", "owner-"))
    )


def keyword(value: str) -> str:
    """Return the first word of a field such as Auto-Submitted, lower-case, without comment or parameters."""
    return re.split(r"[\s;(]", value.strip().lower()[:200], maxsplit=1)[0]


def automatic_reason(message: Message) -> str:
    """Return why `message` is automatic, in a word, or "" for a person's mail.

    One of report, receipt, out-of-office, auto-submitted, auto-reply, list, bulk, junk, robot.
    X-Auto-Response-Suppress is no sign of it: Exchange sets it on what people write.
    """
    for reason in (_as_report, _as_answer, _as_list, _as_away, _as_robot):
        if found := reason(message):
            return found
    return ""


def is_answerable(message: Message) -> bool:
    """Tell whether an automatic reply may be sent to a mail, as far as its own fields tell.

    Not known here: the reverse-path, verdicts, limits, and which addresses are ours.
    """
    suppressed = {word.strip() for word in message.header("x-auto-response-suppress").lower().split(",")}
    return not (
        message.automatic
        or suppressed & _SUPPRESSING
        or any(message.header(name) for name in _NEWSLETTER_HEADERS)
        or message.header("return-path").strip() == "<>"
        or message.sender is None
    )


def out_of_office(message: Message) -> bool:
    """Tell whether this is the automatic answer of somebody who is away."""
    return message.automatic == "out-of-office"


def asks_for_answers_elsewhere(sender: Mailbox, reply_to: tuple[Mailbox, ...]) -> bool:
    """Tell whether a robot sent it for one person: a web form with the customer in Reply-To."""
    return (
        is_robot_address(sender.address) and len(reply_to) == 1 and not is_robot_address(reply_to[0].address)
    )


def _as_report(message: Message) -> str:
    content_type = message.header("content-type").lower()
    if message.report:
        return "report"
    if not content_type.startswith("multipart/report"):
        return ""
    return "receipt" if "disposition-notification" in content_type else "report"


def _as_answer(message: Message) -> str:
    if message.auto_submitted not in {"", "no"}:
        return "out-of-office" if _says_away(message) else "auto-submitted"
    marked = [message.header(name) for name in _REPLY_HEADERS]
    is_answer = any(value and keyword(value) != "no" for value in marked)
    if is_answer or keyword(message.header("precedence")) in {"auto_reply", "auto-reply"}:
        return "out-of-office" if _says_away(message) else "auto-reply"
    return ""


def _as_list(message: Message) -> str:
    if any(message.header(name) for name in _LIST_HEADERS):
        return "list"
    precedence = keyword(message.header("precedence"))
    return precedence if precedence in {"list", "bulk", "junk"} else ""


def _as_away(message: Message) -> str:
    """Recognise old programs, which leave no mark but the subject's first words."""
    subject = _plain(message.subject)
    for beginning in _AWAY_SUBJECTS:
        if subject.startswith(beginning) and _is_followed_by_mark(subject[len(beginning) :]):
            return "out-of-office"
    return ""


def _as_robot(message: Message) -> str:
    sender = message.sender
    if sender is None or not is_robot_address(sender.address):
        return ""
    return "" if asks_for_answers_elsewhere(sender, message.reply_to) else "robot"


def _is_followed_by_mark(rest: str) -> bool:
    rest = rest.strip()
    return not rest or rest[0] in ":(-–"


def _says_away(message: Message) -> bool:
    opening = _plain(f"{message.subject}\n{message.text[:1000]}")
    return any(words in opening for words in _AWAY_WORDS)


def _plain(text: str) -> str:
    """Return `text` without case and accents, its white space single."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
