"""Certificates: do they fit, and for how long yet?"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.utils import timezone

from emailhub.cli.check.finding import Finding, failed, ok, warning
from emailhub.cli.check.peer import certificate_of
from emailhub.configuration import read

_SOON = 14  # days


def look() -> Iterator[Finding]:
    if file := read("EMAILHUB_SMTP_CERTIFICATE"):
        yield _of_listener(file)
    else:
        yield ok("certificate.smtp", "none is set: the listener offers no STARTTLS")
    if settings.SECURE:
        yield _of_pages()


def _of_listener(file: str) -> Finding:
    check = "certificate.smtp"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(file, read("EMAILHUB_SMTP_KEY") or None)
        certificates = x509.load_pem_x509_certificates(Path(file).read_bytes())
    except (OSError, ssl.SSLError, ValueError) as error:
        return failed(check, f"EMAILHUB_SMTP_CERTIFICATE and EMAILHUB_SMTP_KEY cannot be used: {error}")
    return _dated(check, min(certificate.not_valid_after_utc for certificate in certificates))


def _of_pages() -> Finding:
    """What a browser gets, whoever serves it."""
    check = "certificate.pages"
    address = urlsplit(settings.URL)
    try:
        until = certificate_of(address.hostname or "", address.port or 443)
    except OSError as error:  # also what the check of the certificate says
        return failed(check, f"{settings.URL} cannot be reached as a browser does: {error}")
    return _dated(check, until)


def _dated(check: str, until: datetime) -> Finding:
    days = (until - timezone.now()).days
    figures = {"valid_until": until.astimezone(UTC).isoformat(), "days": days}
    if until <= timezone.now():
        return failed(check, f"the certificate ended on {until:%Y-%m-%d}", **figures)
    say = warning if days < _SOON else ok
    return say(check, f"the certificate is valid until {until:%Y-%m-%d}, for {days} days", **figures)
