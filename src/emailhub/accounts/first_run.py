"""The code that proves that who makes the first company can read what the server prints.

Made from the installation's secret, so that every process knows the same one and none is stored. It opens
nothing once there is a company.
"""

from __future__ import annotations

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

_OCTETS = 10  # 80 random bits: nobody guesses it


def first_run_code() -> str:
    """Sixteen letters and digits in four groups, none of which look alike."""
    digest = salted_hmac("emailhub.first-run", "code", algorithm="sha256").digest()[:_OCTETS]
    letters = base64.b32encode(digest).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def is_first_run_code(typed: str) -> bool:
    """Whether it is the code, however it was typed."""
    plain = "".join(typed.split()).replace("-", "").lower()
    return constant_time_compare(plain, first_run_code().replace("-", ""))
