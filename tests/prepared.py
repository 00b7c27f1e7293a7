"""Make a data folder with a migrated database, of which every room's server is a copy.

python -m tests.prepared FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from emailhub import postgres


def main() -> None:
    root = Path(sys.argv[1])
    server = postgres.start(root)
    try:
        os.environ["EMAILHUB_TEST_ROOT"] = str(root)
        from tests import conftest  # reads it

        conftest.make_database()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
