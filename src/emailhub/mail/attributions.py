"""The lines that mail clients write above what they quote or forward, in eight languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MAX_LINE = 500
# "On 23 Nov 2026, Ana wrote:" and its kin; the verb stands last but in German ("schrieb Ana:").
_DATED = re.compile(
    r"(?:-{2,}\s*)?(?:on|el|en|em|no dia|a|às|le|am|il(?: giorno)?|den|op|w dniu|dnia)\s|[\w.]*,?\s*\d",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"<?[^\s<>@]{1,100}@|[^\d:]{2,80}\s(?:schrieb|<)|wiadomość napisana przez\s", re.IGNORECASE
)
_VERB = re.compile(
    r"(?:wrote|escribi[óo]|escreveu|a écrit|ha scritto|geschrieben|schrieb|pisze|napisał(?:a|\(a\))?"
    r"|schreef|geschreven)\s*(?::|-{2,})\s*$",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(r"\b(?:schrieb|schreef|napisana przez)\b.{1,200}:\s*$", re.IGNORECASE)
_DATED_ADDRESS = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s.{0,200}<[^<>\s]+@[^<>\s]+>:?\s*$")
_TIME_OR_ADDRESS = re.compile(r"\d{1,2}[:.h]\d{2}|[^\s<>@]@[^\s<>@]")
_SEPARATOR = re.compile(
    r"[-_*]{2,}\s*(?:original message|original appointment|mensaje original|mensagem original|"
    r"message d['’]origine|message original|ursprüngliche nachricht|original-?nachricht|messaggio originale|"
    r"(?:oryginalna )?wiadomość(?: oryginalna)?|oorspronkelijk bericht|origineel bericht)"
    r"\s*[-_*]{2,}",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_-]{10,}")
_FORWARDED = re.compile(
    r"(?:[-_*]{2,}\s*)?(?:begin |inicio del |início da |début du |anfang der |inizio (?:del )?"
    r"|początek )?"
    r"(?:forwarded message|mensaje reenviado|mensagem (?:encaminhada|reencaminhada)|"
    r"message (?:transféré|réexpédié)|weitergeleiteten? nachricht|messaggio inoltrato|"
    r"wiadomość przekazana(?: dalej)?|przekaz(?:yw)?ana wiadomość|przekazywanej wiadomości|"
    r"doorgestuurd bericht)"
    r"(?:\s*[-_*]{2,}|\s*:)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"\*?(?:(?P<sender>from|de|von|da|remitente|expéditeur|absender|mittente|od|nadawca|van"
    r"|afzender)"
    r"|(?P<sent>sent(?: on)?|date|enviado(?: el| em| a las)?|enviada em|fecha|data|envoyé(?: le)?|gesendet"
    r"|datum|inviato|wysłan[eo]|verzonden)"
    r"|(?P<more>to|para|an|à|a|cc|subject|asunto|assunto|objet|sujet|betreff|oggetto|do|dw|temat|aan"
    r"|onderwerp))\s*:\*?(?:\s|$)",
    re.IGNORECASE,
)
_ANSWERS_WITHIN = re.compile(
    r"\b(?:in-?line|in (?:red|blue|green|rot|blau|grün|rosso|blu)|en (?:rojo|azul|verde|rouge|bleu)|"
    r"em (?:vermelho|azul)|"
    r"(?:answers?|answered|repl(?:y|ies)|comments?|see|as) (?:\w+ ){0,2}below|"
    r"(?:respuestas?|respondo|comentarios?|ver|véase|como) (?:\w+ ){0,3}(?:abajo|a continuación)|"
    r"(?:respostas?|respondo|comentários?|ver|vejam?) (?:\w+ ){0,3}abaixo|"
    r"(?:réponses?|réponds|commentaires?|voir) (?:\w+ ){0,2}ci-dessous|"
    r"(?:antworten?|siehe|kommentare?) (?:\w+ ){0,2}(?:unten|weiter unten)|"
    r"(?:risposte?|rispondo|commenti|vedi) (?:\w+ ){0,2}(?:sotto|di seguito)|"
    r"(?:odpowiedzi|odpowiadam|komentarze|zobacz) (?:\w+ ){0,2}poniżej|na (?:czerwono|niebiesko|zielono)|"
    r"(?:antwoord(?:en)?|opmerkingen|zie) (?:\w+ ){0,2}(?:hieronder|onderstaand)|"
    r"in het (?:rood|blauw|groen))\b",
    re.IGNORECASE,
)


def is_attribution(line: str) -> bool:
    """Return whether a line says who wrote what is quoted below it."""
    line = line.strip()
    if (
        not 8 <= len(line) <= _MAX_LINE
        or line[-1] not in ":->"
        or not (any(map(str.isdigit, line)) or "@" in line)
    ):
        return False
    if _DATED_ADDRESS.match(line):
        return True
    opens = _DATED.match(line) or _NAMED.match(line)
    return bool(opens and (_VERB.search(line[-40:]) or _VERB_FIRST.search(line[-220:])))


def begins_attribution(line: str) -> bool:
    """Return whether a wrapped attribution may begin with this line: its date does, unfinished."""
    line = line.strip()
    return bool(_DATED.match(line)) and any(map(str.isdigit, line)) and not line.endswith((".", "!", "?"))


def names_time_or_address(line: str) -> bool:
    """Return whether an attribution is a client's beyond doubt, and not somebody's sentence."""
    return bool(_TIME_OR_ADDRESS.search(line[:_MAX_LINE]))


def is_separator(line: str) -> bool:
    """Return whether a line is "-----Original Message-----" or the like."""
    line = line.strip()
    separator = _SEPARATOR.match(line) if len(line) <= _MAX_LINE else None
    # Samsung writes the whole copied header into the same line.
    return separator is not None and (
        separator.end() == len(line) or bool(_FIELD.match(line, separator.end()))
    )


def is_rule(line: str) -> bool:
    """Return whether a line is one long stroke, as Outlook writes above its header block."""
    return len(line) <= _MAX_LINE and bool(_RULE.fullmatch(line.strip()))


def is_forward_line(line: str) -> bool:
    """Return whether a line says that what follows was forwarded."""
    return len(line) <= _MAX_LINE and bool(_FORWARDED.match(line.strip()))


def header_block(lines: Sequence[str]) -> int:
    """Return how many of these lines are a copied header (From, Sent, To ...), 0 if they begin otherwise.

    It names its sender and date, and a recipient or subject, so that "De: 10 a 20" in a sentence is none.
    """
    kinds: set[str] = set()
    length = 0
    for number, line in enumerate(lines[:14]):
        field = _FIELD.match(line.strip()[:_MAX_LINE])
        if field and field.lastgroup:
            kinds.add(field.lastgroup)
            length = number + 1
        elif number == 0 or number - length > 2:
            break
    return length if kinds == {"sender", "sent", "more"} else 0


def answers_within(text: str) -> bool:
    """Return whether somebody says that the answers stand inside what is quoted."""
    return bool(_ANSWERS_WITHIN.search(text[:5_000]))
