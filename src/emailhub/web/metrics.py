"""Figures for Prometheus: counts and times of the whole installation, and of this process. Never content."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from emailhub.delivery.figures import connection_figures, outgoing_figures
from emailhub.intake.figures import received_figures

REGISTRY = CollectorRegistry()
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_ANSWERS = Histogram(
    "emailhub_http_answer_seconds",
    "From a request to the head of its answer, by method and status.",
    ["method", "status"],
    registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LIVE_PAGES = Gauge("emailhub_live_pages", "Open pages that hear of changes.", registry=REGISTRY)


def count_answer(method: str, status: int, seconds: float) -> None:
    """Count an answered request."""
    _ANSWERS.labels(method if method in _METHODS else "other", str(status)).observe(seconds)


def written_metrics() -> bytes:
    """All figures in Prometheus' text format. Call it in a thread: it asks the database."""
    try:
        return generate_latest(REGISTRY)
    finally:
        connection.close()


class _Installation(Collector):
    """What the rows say, counted when somebody asks."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield from _room()
        try:
            families = [*_received(), *_outgoing(), *_connections()]
        except DatabaseError:
            families = []
        yield _gauge("emailhub_database_up", "1 if the database answers.", int(bool(families)))
        yield from families

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: asking the database is for whoever asks for figures."""
        return []


def _room() -> Iterator[GaugeMetricFamily]:
    with suppress(OSError):  # a folder that is away has no figure
        free = shutil.disk_usage(settings.DATA_ROOT).free
        yield _gauge("emailhub_storage_free_bytes", "Room on the disk of the data folder.", free)


def _received() -> list[GaugeMetricFamily]:
    figures = received_figures()
    return [
        _by_label("emailhub_deliveries", "Received mail (mail x team) by its fate.", "fate", figures.by_fate),
        _gauge("emailhub_delivery_oldest_seconds", "For how long the oldest waits.", _age(figures.oldest_at)),
    ]


def _outgoing() -> list[GaugeMetricFamily]:
    figures = outgoing_figures()
    return [
        _by_label("emailhub_outgoing", "Outgoing mail by its state.", "state", figures.by_state),
        _gauge("emailhub_outgoing_oldest_seconds", "For how long the oldest waits.", _age(figures.oldest_at)),
    ]


def _connections() -> list[GaugeMetricFamily]:
    count = GaugeMetricFamily(
        "emailhub_connections", "Accounts at other servers by kind and state.", labels=["kind", "state"]
    )
    failing = GaugeMetricFamily(
        "emailhub_connection_failing_seconds", "For how long one of this kind fails.", labels=["kind"]
    )
    rows = connection_figures()
    for row in rows:
        count.add_metric([row.kind, row.state], row.count)
    for kind in {row.kind for row in rows}:
        failing.add_metric([kind], max(_age(row.failing_since) for row in rows if row.kind == kind))
    return [count, failing]


def _gauge(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_, value=value)


def _by_label(name: str, help_: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family


def _age(since: datetime | None) -> float:
    return max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0


Info("emailhub", "This version.", registry=REGISTRY).info({"version": version("emailhub")})
ProcessCollector(registry=REGISTRY)
REGISTRY.register(_Installation())
