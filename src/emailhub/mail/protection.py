"""Signed and encrypted mail (S/MIME RFC 8551, PGP RFC 3156): what it is, for a notice, unverified."""

from __future__ import annotations

from emailhub.mail.message import Message
from emailhub.mail.signed import is_enveloped

_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_OPAQUE = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


def protection(message: Message) -> str:
    """Return "encrypted", "signed" or "". What is encrypted stays in an attachment, or in the text."""
    types = {attachment.content_type for attachment in message.attachments}
    opaque = [attachment for attachment in message.attachments if attachment.content_type in _OPAQUE]
    opening = message.text[:10_000].lstrip()
    if (
        "application/pgp-encrypted" in types
        or any(is_enveloped(attachment.content) for attachment in opaque)
        or opening.startswith(_PGP_MESSAGE)
    ):
        return "encrypted"
    if types & _SIGNATURES or opaque or opening.startswith(_PGP_SIGNED):
        return "signed"
    return ""
