"""Data folders in which EmailHub can be started. The database is made once, and copied."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.installation import Installation
from tests.conftest import PREPARED
from tests.s3 import bucket, service

__all__ = ["bucket", "service"]


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder that the server's account can reach, also where the tests run as root."""
    made = Path(tempfile.mkdtemp(prefix="emailhub-cli-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(folder: Path) -> Path:
    """The data folder of an installation that has no company yet."""
    if PREPARED:
        return Path(PREPARED)
    data = folder / "migrated"
    done = Installation(data).command("migrate")
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture
def empty(folder: Path) -> Iterator[Installation]:
    """Nothing has been started there yet."""
    data = Path(tempfile.mkdtemp(prefix="empty-", dir=folder)) / "data"
    yield Installation(data)
    shutil.rmtree(data.parent, ignore_errors=True)


@pytest.fixture
def empty_twin(folder: Path) -> Iterator[Installation]:
    """Another machine, on which nothing has been started yet either."""
    data = Path(tempfile.mkdtemp(prefix="twin-", dir=folder)) / "data"
    data.parent.chmod(0o755)
    yield Installation(data)
    shutil.rmtree(data.parent, ignore_errors=True)


@pytest.fixture
def installation(empty: Installation, migrated: Path) -> Installation:
    """A migrated database, no company, nothing runs."""
    empty.data.parent.chmod(0o755)
    subprocess.run(["cp", "-a", migrated, empty.data], check=True)
    return empty
