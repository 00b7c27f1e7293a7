"""What the columns of a file are: guessed by their names, settled by the person who imports it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

_SPELLINGS: Mapping[str, str] = {
    "name": "name|full name|display name|contact|contact name|customer|client|nombre completo"
    "|nombre y apellidos|contacto|cliente|nombre del cliente|nombre para mostrar|razon social",
    "first_name": "first name|given name|forename|nombre de pila|nombres",
    "last_name": "last name|surname|family name|apellido|apellidos|primer apellido|segundo apellido",
    "email": "email|e mail|mail|email address|e mail address|correo|correo electronico|direccion de correo"
    "|direccion de correo electronico|emails|correos",
    "phone": "phone|telephone|phone number|mobile|mobile phone|business phone|home phone|cell|telefono"
    "|telefonos|phones|numero de telefono|movil|telefono movil|telefono fijo|fijo|tel|celular",
    "organisation": "organisation|organization|company|company name|business|organizacion|empresa|compania"
    "|nombre de la empresa|sociedad|organization name",
    "account_number": "account number|account|account no|customer number|customer id|numero de cuenta|cuenta"
    "|no de cuenta|n de cuenta|numero de cliente|codigo de cliente|codigo cliente|id cliente",
    "language": "language|lang|idioma|lengua",
    "segments": "segment|segments|label|labels|tags|groups|group membership|categories|segmento|segmentos"
    "|etiqueta|etiquetas|grupos|grupo|categorias",
}
_FIRST_NAMES = "nombre"  # the whole name, unless there is a column of surnames beside it
_NUMBERED = re.compile(
    r"^(e mail|phone|correo electronico|telefono|email)\s*\d+(\s+(value|valor))?$|^(.*\D)\s*\d$"
)


class Field(StrEnum):
    """What a column can be. An empty string is none of them: it is left out."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    PHONE = "phone"
    ORGANISATION = "organisation"
    ACCOUNT_NUMBER = "account_number"
    LANGUAGE = "language"
    SEGMENTS = "segments"


_FIELDS = {spelling: Field(field) for field, all in _SPELLINGS.items() for spelling in all.split("|")}


def has_header(first: Sequence[str]) -> bool:
    """Whether the first row names columns: a row of a person has an address or a number in it."""
    named = any(_field_of(name) for name in first)
    return named or not any("@" in cell or re.search(r"\d{6}", cell) for cell in first)


def guess(header: Sequence[str]) -> list[str]:
    """A field for each column, or an empty string."""
    plain = [_plain(name) for name in header]
    fields = [_field_of(name) for name in header]
    with_surnames = Field.LAST_NAME in fields
    for place, name in enumerate(plain):
        if name == _FIRST_NAMES:
            fields[place] = Field.FIRST_NAME if with_surnames else Field.NAME
    return [str(field or "") for field in fields]


def guess_by_content(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """A field for each column of a file without names: what looks like an address or a number is one."""
    fields = [_looks_like([row[place] for row in rows if place < len(row)]) for place in range(width)]
    if "" in fields and Field.NAME not in fields:
        fields[fields.index("")] = Field.NAME
    return [str(field) for field in fields]


def _looks_like(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell]
    if filled and all("@" in cell for cell in filled):
        return Field.EMAIL
    if filled and all(re.fullmatch(r"[+\d\s()./-]{6,}", cell) for cell in filled):
        return Field.PHONE
    return ""


def _field_of(name: str) -> Field | None:
    plain = _plain(name)
    if field := _FIELDS.get(plain):
        return field
    if found := _NUMBERED.match(plain):
        return _FIELDS.get((found.group(1) or found.group(4) or "").strip())
    return None


def _plain(name: str) -> str:
    """Without accents, capitals and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())
