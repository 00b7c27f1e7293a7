"""A worker in a process of its own that announces each step and waits there, to be killed or let go on.

Run as `python -m tests.delivery.worker PORT STEP`: it delivers what is due through a relay at PORT, and
stops at STEP ("claimed", "content", "dot" or "answered"), where it prints a line and waits for one.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import tests.conftest  # noqa: F401  (joins the running server, sets Django up)
from emailhub.channels.smtp import submission
from emailhub.channels.smtp.limits import TimeOuts
from emailhub.channels.smtp.send import Relay, RelaySettings, Security
from emailhub.delivery.deliver import deliver_due
from emailhub.delivery.models import OutgoingMessage


def _pause() -> None:
    print("here", flush=True)
    sys.stdin.readline()


class _Paused(submission.Submission):
    step = ""

    def run(self) -> Any:
        if self.step == "claimed":
            _pause()
        outcome = super().run()
        if self.step == "answered":
            _pause()
        return outcome

    def _send_content(self) -> None:
        super()._send_content()
        if self.step == "content":
            _pause()

    def _final_dot(self) -> submission.Reply:
        if self.step == "dot":
            _pause()
        return super()._final_dot()


def main() -> None:
    port, _Paused.step = int(sys.argv[1]), sys.argv[2]
    sys.modules["emailhub.channels.smtp.send"].Submission = _Paused  # type: ignore[attr-defined]
    relay = Relay(RelaySettings("127.0.0.1", port, Security.NONE, "inbox.example", time_outs=TimeOuts()))

    def settle(outgoing: OutgoingMessage, *, now: datetime) -> None:
        print(f"settled {outgoing.state}", flush=True)

    deliver_due({"smtp": relay}, settle)
    relay.close()


if __name__ == "__main__":
    main()
