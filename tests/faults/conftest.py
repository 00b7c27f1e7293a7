"""An installation of its own, beside the processes on the tests' database."""

from tests.cli.conftest import empty, folder

__all__ = ["empty", "folder"]
