"""Folding history and signature of an HTML mail, by the marks of each mail client and by its words.

Works on the HTML as received (sanitising takes the marks away); each piece must be sanitised before showing.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from emailhub.mail.dom import BLOCKS, UNREAD, name, parse_html, writable
from emailhub.mail.history import Line, Mark, history
from emailhub.mail.message import Message
from emailhub.mail.plain_text import plain_text
from emailhub.mail.sanitise import is_too_complex
from emailhub.mail.signatures import signature
from emailhub.mail.trim_text import Folded, fold_text

# Wrap attribution and quotation: within them only the blockquote is quoted (answers may stand between).
_WRAPPERS = frozenset(("gmail_quote", "gmail_quote_container", "protonmail_quote", "zmail_extra"))
# Quoted as a whole.
_QUOTES = frozenset(("yahoo_quoted",))
_QUOTE_IDS = frozenset(("mail-editor-reference-message-container",))
_ATTRIBUTIONS = frozenset(("gmail_attr", "moz-cite-prefix"))
_ATTRIBUTION_IDS = frozenset(("reply-intro",))
# Everything from here on is quoted.
_OPENINGS = frozenset(("ms-outlook-mobile-reference-message",))
_OPENING_IDS = frozenset(("divRplyFwdMsg",))
_SIGNATURES = frozenset(("gmail_signature", "moz-signature", "protonmail_signature_block"))
_SIGNATURE_IDS = frozenset(
    (
        "Signature",
        "AppleMailSignature",
        "ms-outlook-mobile-signature",
        "composer_signature",
        "ymail_android_signature",
    )
)

# Something of this stands in every mail with a history or a signature: the others need no tree.
_SIGN_WORDS = """
    <blockquote _quote yahoo divrplyfwdmsg appendonsend reference-message zmail_extra reply-intro
    wrote escrib escrev crit scritto schrieb origin nachricht date fecha data datum sent enviad envoy gesendet
    inviato gmt napisa pisze wysłan wiadomo schreef geschreven bericht verzonden
    signature --< --&nbsp; iphone ipad android samsung outlook verstuurd
"""
_SIGNS = (*_SIGN_WORDS.split(), 'name="quote', "name='quote", "name=quote", "-- <")


def fold_html(html: str, *, subject: str = "") -> Folded:
    """Return received HTML with its quoted history and its signature apart; no piece is sanitised.

    The subject tells Outlook's forwards from its replies, which look the same. Where nothing is folded,
    `visible` is the HTML as it came.
    """
    small = html.lower()
    worth_it = any(sign in small for sign in _SIGNS) and not is_too_complex(html)
    body = parse_html(html) if worth_it else None
    if body is None:
        return Folded(html)
    lines = _read(body)
    read = [line.line for line in lines]
    folded = history(read, subject=subject)
    signed = signature(read, folded, subject=subject)
    if not any(folded) and not any(signed):
        return Folded(html)
    sheets = _stylesheets(body)
    shown = [not (gone or signs) for gone, signs in zip(folded, signed, strict=True)]
    pieces = (
        sheets + _keep(body, _atoms_of(lines, keep)) if any(keep) else "" for keep in (shown, folded, signed)
    )
    return Folded(*pieces)


def new_text(message: Message) -> str:
    """Return what the sender of a message wrote, as text, without the history: for previews and search."""
    if message.html:
        folded = fold_html(message.html, subject=message.subject)
        pieces = [plain_text(piece) for piece in (folded.visible, folded.signature) if piece]
    else:
        folded = fold_text(message.text, subject=message.subject)
        pieces = [piece for piece in (folded.visible, folded.signature) if piece]
    return "\n".join(pieces)


def _atoms_of(lines: list[_HtmlLine], keep: list[bool]) -> list[bool]:
    return [kept for line, kept in zip(lines, keep, strict=True) for _ in range(line.atoms)]


@dataclass(slots=True)
class _HtmlLine:
    """A line on the screen and the number of its atoms (pieces of text, pictures, line breaks)."""

    line: Line = field(default_factory=lambda: Line(""))
    atoms: int = 0


class _Lines:
    """Gathers atoms into lines."""

    def __init__(self) -> None:
        self.lines: list[_HtmlLine] = []
        self._open = False
        self.opening = False  # the next line opens the history

    def add(self, text: str, mark: Mark, *, picture: bool = False) -> None:
        if not self._open:
            self.lines.append(_HtmlLine())
            self._open = True
        last = self.lines[-1]
        last.atoms += 1
        last.line.text += text
        last.line.picture |= picture
        if self.opening:
            last.line.mark, self.opening = Mark.OPENS, False
        elif last.line.mark is Mark.NONE:
            last.line.mark = mark

    def end(self) -> None:
        self._open = False


def _read(body: etree._Element) -> list[_HtmlLine]:
    """Return the lines of a body. Their atoms are those of `_atoms`, in its order."""
    lines = _Lines()
    marks: list[Mark] = [Mark.NONE]
    for kind, element, text in _atoms(body):
        if kind == "start":
            mark = _mark(element)
            lines.opening |= mark is Mark.OPENS
            marks.append(_inner(marks[-1], mark))
        elif kind == "end":
            marks.pop()
        else:
            lines.add(text, marks[-1], picture=name(element) == "img" and kind == "void")
        if name(element) in (_BREAKS if kind == "void" else BLOCKS if kind in ("start", "end") else ()):
            lines.end()
    for line in lines.lines:
        line.line.text = " ".join(line.line.text.split())
    return lines.lines


def _inner(outer: Mark, mark: Mark) -> Mark:
    """Return the mark of what is in an element with `mark` that stands in one with `outer`."""
    if mark is Mark.QUOTED or outer is Mark.NONE:
        return Mark.NONE if mark is Mark.OPENS else mark
    return outer


_VOID = frozenset(("br", "hr", "img"))
_BREAKS = frozenset(("br", "hr"))


def _atoms(body: etree._Element) -> Iterator[tuple[str, etree._Element, str]]:
    """Yield "start" and "end" of each element, and the atoms: "text", "tail", "void" (and the text)."""
    unread: etree._Element | None = None
    for event, element in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        if event == "start" and unread is None:
            yield "start", element, ""
            if name(element) in UNREAD:
                unread = element
            elif name(element) in _VOID:
                yield "void", element, ""
            if unread is None and element.text:
                yield "text", element, element.text
        elif event == "end" and unread in (None, element):
            unread = None
            yield "end", element, ""
        if event != "start" and unread is None and element is not body and element.tail:
            yield "tail", element, element.tail


def _mark(element: etree._Element) -> Mark:
    """Return what an element says of all that is in it (OPENS: and of all that comes after)."""
    class_, id_, tag = element.get("class"), element.get("id") or "", name(element)
    if not class_ and not id_ and tag not in ("blockquote", "div"):
        return Mark.NONE
    classes = set((class_ or "").split())
    if tag == "blockquote":
        cited = (element.get("type") or "").lower() == "cite" or classes & _WRAPPERS or _wrapped(element)
        return Mark.QUOTED if cited else Mark.BOXED
    if classes & _OPENINGS or id_ in _OPENING_IDS or (id_ == "appendonsend" and _rule_follows(element)):
        return Mark.OPENS
    if classes & _ATTRIBUTIONS or id_ in _ATTRIBUTION_IDS:
        return Mark.ATTRIBUTION
    if classes & _SIGNATURES or id_ in _SIGNATURE_IDS:
        return Mark.SIGNATURE
    whole = classes & _QUOTES or id_ in _QUOTE_IDS or (tag == "div" and element.get("name") == "quote")
    if whole or (classes & _WRAPPERS and element.find(".//blockquote") is None):
        return Mark.QUOTED
    return Mark.NONE


def _wrapped(blockquote: etree._Element) -> bool:
    parents = (set((parent.get("class") or "").split()) for parent in blockquote.iterancestors("div"))
    return any(classes & _WRAPPERS for classes in parents)


def _rule_follows(element: etree._Element) -> bool:
    siblings = [name(sibling) for _, sibling in zip(range(3), element.itersiblings(), strict=False)]
    return "hr" in siblings


def _stylesheets(body: etree._Element) -> str:
    """Return the <style> elements of the head, which both halves need."""
    sheets = body.getroottree().iterfind("head//style")
    return "".join(f"<style>{sheet.text}</style>" for sheet in sheets if sheet.text)


def _keep(body: etree._Element, keep: list[bool]) -> str:
    """Return the body as HTML with only these atoms, and only the elements that hold one of them."""
    body = copy.deepcopy(body)
    flags = iter(keep)
    stack: list[bool] = []  # for each open element: nothing of it is kept
    gone: list[tuple[str, etree._Element]] = []
    for kind, element, _ in _atoms(body):
        if kind == "start":
            stack.append(False)
        elif kind == "end":
            held = stack.pop()
            if not held and element is not body:
                gone.append(("element", element))
            if stack:
                stack[-1] |= held
        elif next(flags):
            stack[-1] = True
        else:
            gone.append((kind, element))
    # Texts first: removing an element hands the text after it to its neighbour.
    for kind, element in sorted(gone, key=lambda removal: removal[0] == "element"):
        _remove(kind, element)
    body.tag = "div"
    return etree.tostring(body, encoding="unicode", method="html")


def _remove(kind: str, element: etree._Element) -> None:
    """Remove an atom, or an element but not the text after it."""
    if kind == "text":
        element.text = None
    elif kind == "tail":
        element.tail = None
    elif kind == "element" and (parent := element.getparent()) is not None:
        before, tail = element.getprevious(), element.tail or ""
        tail = "\n" + tail if name(element) in BLOCKS else tail  # the words around it stay apart
        if before is not None:
            before.tail = writable((before.tail or "") + tail)
        else:
            parent.text = writable((parent.text or "") + tail)
        element.tail = None
        parent.remove(element)
