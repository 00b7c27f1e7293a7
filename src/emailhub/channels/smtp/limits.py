"""What one client, and all of them together, may use of the listener; and how long we wait for the relay."""

from __future__ import annotations

from dataclasses import dataclass

READER_LIMIT = 64 * 1024  # bytes that wait unread on a connection before its sender is paused
COMMAND_LINE = 1_000  # octets; RFC 5321 4.5.3.1.4 has 512, its extensions add to it
COMMANDS = {"*": 200, "MAIL": 1_000, "RCPT": 10_000, "DATA": 1_000, "RSET": 1_000}  # in one session


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and counts. The defaults suit an open port; tests use smaller ones."""

    recipients: int = 100  # of one mail (RFC 5321 4.5.3.1.8: at least 100)
    hops: int = 50  # Received lines; more is a loop (RFC 5321 6.3)
    connections: int = 200
    connections_per_address: int = 50
    idle: float = 300  # RFC 5321 4.5.3.2.7
    data: float = 1_800  # for one whole mail, however slowly it trickles in
    buffered: int = 512 * 1024 * 1024  # bytes of unfinished mails of all sessions together
    threads: int = 8  # that speak with the database and the disk


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """Seconds. RFC 5321 4.5.3.2 has 5 minutes for most replies and 10 after the final dot."""

    connect: float = 30
    reply: float = 300
    block: float = 180  # of 64 KiB of a mail
    final_reply: float = 600  # shorter ones make duplicates: the server may have accepted meanwhile
