"""The certificate that a server shows."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime

_PATIENCE = 5.0  # seconds


def certificate_of(host: str, port: int, context: ssl.SSLContext | None = None) -> datetime:
    """Until when the certificate is valid. Raises OSError, also where a browser would refuse it."""
    context = context or ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=_PATIENCE) as connection,
        context.wrap_socket(connection, server_hostname=host) as encrypted,
    ):
        shown = encrypted.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
