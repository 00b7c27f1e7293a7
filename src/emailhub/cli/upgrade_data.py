"""`emailhub upgrade-data`: move the embedded database to another major version of PostgreSQL."""

from __future__ import annotations

import argparse

from emailhub import configuration, postgres


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: the data folder is EMAILHUB_DATA."""


def run(options: argparse.Namespace) -> int:
    print(postgres.upgrade(configuration.data_root()))
    return 0
