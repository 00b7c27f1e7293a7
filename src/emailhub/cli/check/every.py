"""All checks, the cheap ones first. They import models: load this when Django is set up."""

from __future__ import annotations

from emailhub.cli.check import (
    certificates,
    clock,
    configured,
    connections,
    databases,
    names,
    queues,
    relay,
    storage,
    sums,
)
from emailhub.cli.check.finding import Check

EVERY: tuple[Check, ...] = (
    configured.look,
    databases.look,
    storage.look,
    certificates.look,
    clock.look,
    queues.look,
    connections.look,
    sums.look,
    relay.look,
    names.look,
)
FILES: Check = storage.look_at_files  # reads every stored file
