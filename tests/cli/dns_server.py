"""A name server on loopback that knows what a test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Records = Mapping[tuple[str, str], list[str]]


@contextmanager
def serving(records: Records) -> Iterator[str]:
    """The address:port of a server with these records, by (name, kind). It says NXDOMAIN of other names."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(server, records), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
                ending.sendto(b"end", server.getsockname())
            thread.join()


@contextmanager
def silent() -> Iterator[str]:
    """The address:port of a server that never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{server.getsockname()[1]}"


def _serve(server: socket.socket, records: Records) -> None:
    while (received := server.recvfrom(4096))[0] != b"end":
        query = dns.message.from_wire(received[0])
        server.sendto(_answer(query, records).to_wire(), received[1])


def _answer(query: dns.message.Message, records: Records) -> dns.message.Message:
    question = query.question[0]
    name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
    response = dns.message.make_response(query)
    if found := records.get((name, kind)):
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
    elif not any(known == name for known, _ in records):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response
