"""The codes by which a gateway refuses a text message, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS: Mapping[str, Promise] = {
    "20003": gettext_lazy("the gateway does not accept the account's identifier or token"),
    "20429": gettext_lazy("the gateway asks to send more slowly"),
    "11751": gettext_lazy("the attached file is too large for a text message"),
    "21211": gettext_lazy("the number does not exist"),
    "21606": gettext_lazy("our own number cannot send text messages"),
    "21608": gettext_lazy("the gateway's trial account may not write to this number yet"),
    "21610": gettext_lazy("the customer asked for no more messages (STOP)"),
    "21612": gettext_lazy("our number cannot reach this one"),
    "21614": gettext_lazy("it is a landline, or no mobile number"),
    "21623": gettext_lazy("more than ten files"),
    "21635": gettext_lazy("it is a landline"),
    "30003": gettext_lazy("the phone is switched off or out of reach"),
    "30004": gettext_lazy("the number refuses messages from us"),
    "30005": gettext_lazy("nobody has this number any more"),
    "30006": gettext_lazy("it is a landline, or its carrier cannot be reached"),
    "30007": gettext_lazy("the carrier took it for junk"),
    "30008": gettext_lazy("the carrier does not say why"),
    "30034": gettext_lazy("our number is not registered with the carriers"),
    "63014": gettext_lazy("the customer has blocked us on WhatsApp"),
    "63016": gettext_lazy("WhatsApp's 24 hours to answer were over"),
}


def explain_code(code: str) -> str:
    """Why a message was refused; an unknown code as it is."""
    known = _WORDS.get(code)
    return str(known) if known else _("the gateway says error %(code)s") % {"code": code}
