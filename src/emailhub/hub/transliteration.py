"""Names as the local parts of addresses have them: a to z, 0 to 9 and hyphens."""

from __future__ import annotations

import re
import unicodedata

# What Unicode does not take apart into a letter and its accent.
_LATIN = "ø:o æ:ae œ:oe ł:l đ:d ð:d þ:th ı:i ħ:h ŋ:n ə:e ŧ:t"
_CYRILLIC = (
    "а:a б:b в:v г:g д:d е:e ж:zh з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh"
    " щ:shch ъ: ы:y ь: э:e ю:yu я:ya і:i ї:yi є:ye ґ:g ђ:dj ј:j љ:lj њ:nj ћ:c џ:dz"
)
_GREEK = (
    "α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch ψ:ps ω:o"
)
_LETTERS = {
    ord(letter): latin
    for letter, _, latin in (pair.partition(":") for pair in f"{_LATIN} {_CYRILLIC} {_GREEK}".split(" "))
}


def slug(words: str) -> str:
    """The words transliterated: "Soporte técnico" is "soporte-tecnico". Other scripts come to nothing."""
    letters = unicodedata.normalize("NFC", words.casefold()).translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", letters).translate(_LETTERS)
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
