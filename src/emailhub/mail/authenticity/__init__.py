"""Is a mail from whom its From line says? SPF, DKIM, DMARC and ARC, one module each.

PURE: the look-ups in the DNS are handed in (`Lookups`). One that gets no answer for the moment never makes
a mail fail: it leaves the verdict open.
"""

from emailhub.mail.authenticity.evaluate import (
    Authenticity,
    Verdict,
    evaluate,
    from_exchange,
    from_trusted_server,
)
from emailhub.mail.authenticity.lookups import LookupFailedError, Lookups
from emailhub.mail.authenticity.results import read_results
from emailhub.mail.authenticity.spf import Envelope

__all__ = [
    "Authenticity",
    "Envelope",
    "LookupFailedError",
    "Lookups",
    "Verdict",
    "evaluate",
    "from_exchange",
    "from_trusted_server",
    "read_results",
]
