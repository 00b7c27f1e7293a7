"""PURE. What text messages are: their length in segments, the words that end them, how far they came.

Lives here: what SMS and WhatsApp have in common at every gateway.
Not here: a gateway's requests (channels/texting), tickets (desk), words for people (web).
"""

from .opting import Wish, wish_in
from .segments import Length, measure
from .states import FAILED, TextState, later

__all__ = ["FAILED", "Length", "TextState", "Wish", "later", "measure", "wish_in"]
