"""The child that reads one mail under limits: raw bytes on standard input, a pickled Read on output."""

from __future__ import annotations

import pickle
import sys

from emailhub.intake.reading import read_here

if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(read_here(sys.stdin.buffer.read(), unpack="--unpack" in sys.argv)))
