"""Our own addresses of the pictures that a mail shows from elsewhere, signed: we fetch nothing else."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from emailhub import mail
from emailhub.desk.models import Message

_SALT = "emailhub.web.remote_images"
_LONGEST = 3_000  # characters of an address
_MOST = 200  # different ones in a mail


def own_urls(message: Message) -> mail.ImageUrl:
    """Where each remote image of the mail is to be had from us. What nobody would see is not fetched."""
    signer, pixels, given = _signer(message), set(mail.remote_images(message.html).pixels), set[str]()

    def own_url(address: str) -> str | None:
        if address in pixels or len(address) > _LONGEST or len(given | {address}) > _MOST:
            return None
        given.add(address)
        return reverse("remote_picture", args=[message.pk, signer.sign_object(address, compress=True)])

    return own_url


def signed_address(message: Message, signed: str) -> str:
    """The address that own_urls() signed for this mail. Raises signing.BadSignature."""
    return str(_signer(message).unsign_object(signed))


def _signer(message: Message) -> signing.Signer:
    """Of this mail alone: whoever may not read it can do nothing with its addresses."""
    return signing.Signer(salt=f"{_SALT}.{message.pk}")
