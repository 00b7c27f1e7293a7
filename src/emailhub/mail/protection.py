"""Signed and encrypted mail (S/MIME RFC 8551, PGP RFC 3156): what it is, for a notice, unverified."""

from __future__ import annotations

from collections.abc import Collection

from emailhub.mail.message import Message

_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_OPAQUE = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


def protection(message: Message) -> str:
    """Return "encrypted", "signed" or "". What is encrypted stays in an attachment, or in the text."""
    types = {attachment.content_type for attachment in message.attachments}
    return protection_of(types, message.text, has_html=bool(message.html))


def protection_of(types: Collection[str], text: str, *, has_html: bool) -> str:
    """Return the same by the content types of the attachments: what is signed was opened by parse()."""
    opening = text[:10_000].lstrip()
    opaque = any(kind in _OPAQUE for kind in types)
    if "application/pgp-encrypted" in types or opening.startswith(_PGP_MESSAGE):
        return "encrypted"
    if opaque and not opening and not has_html:
        return "encrypted"
    if opaque or any(kind in _SIGNATURES for kind in types) or opening.startswith(_PGP_SIGNED):
        return "signed"
    return ""
