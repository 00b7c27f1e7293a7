#!/usr/bin/env python3
"""Seconds from `emailhub up` to its greeting, on data that is there: python benchmarks/start.py [--runs 5]"""

from __future__ import annotations

import time

from bench import described, installation, percentile, table


def main() -> None:
    parser = described(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    times = []
    with installation() as (made, _, _password):
        for _ in range(options.runs):
            began = time.perf_counter()
            with made.up():
                times.append(time.perf_counter() - began)
    seconds = [f"{value:.1f} s" for value in (min(times), percentile(times, 0.5), max(times))]
    table(
        "Start on a prepared machine",
        ("runs", "fastest", "median", "slowest", "goal"),
        [
            (options.runs, *seconds, "6 s"),
        ],
    )


if __name__ == "__main__":
    main()
