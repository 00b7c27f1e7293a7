#!/usr/bin/env bash
# Runs the tests room by room, each in a process of its own, so that no room's threads or locks reach another.
# Every room is run, also after one that failed. One failure anywhere fails the whole.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
for room in tests/test_*.py tests/channels/*/ tests/*/; do
  case $room in *__pycache__/ | tests/messages/ | tests/channels/) continue ;; esac
  .venv/bin/python -m pytest -q -m "not soak" "$room" || failed=1
done
exit $failed
