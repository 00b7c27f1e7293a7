"""A name server on a loopback port: dnspython's own wire format over UDP, answers from a zone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from dns import message, name, rcode, rdatatype, rrset


class NameServer:
    """Answers what `records` has ("name kind" to values), else NXDOMAIN; names in `silent` get nothing."""

    def __init__(self, records: Mapping[str, list[str]], *, silent: frozenset[str] = frozenset()) -> None:
        self.records, self.silent = dict(records), silent
        self.questions: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        host, port = self._socket.getsockname()
        return f"{host}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, peer = self._socket.recvfrom(4096)
            if not wire:
                return
            if (answer := self._answer(wire)) is not None:
                self._socket.sendto(answer, peer)

    def _answer(self, wire: bytes) -> bytes | None:
        asked = message.from_wire(wire)
        question = asked.question[0]
        key = f"{question.name.to_text(omit_final_dot=True)} {rdatatype.to_text(question.rdtype)}"
        self.questions.append(key)
        if key.split()[0] in self.silent:
            return None
        answer = message.make_response(asked)
        known = {name.from_text(each.split()[0]) for each in self.records}
        if values := self.records.get(key):
            answer.answer.append(rrset.from_text(question.name, 300, "IN", question.rdtype, *values))
        elif question.name not in known:
            answer.set_rcode(rcode.NXDOMAIN)
        return answer.to_wire()
