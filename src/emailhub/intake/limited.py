"""The child that reads one mail under limits: raw bytes on standard input, a pickled Message on output."""

from __future__ import annotations

import pickle
import sys

from emailhub import mail

if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(mail.parse(sys.stdin.buffer.read())))
