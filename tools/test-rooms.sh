#!/usr/bin/env bash
# Runs the tests room by room, each in a process of its own, so that no room's threads or locks reach another.
# What fails is run once more by itself, and said: a busy machine ends waits early. Twice failed is failed.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
failed=0
for room in tests/test_*.py tests/*/; do
  case $room in tests/__pycache__/ | tests/messages/) continue ;; esac
  if [ "$room" = tests/channels/ ]; then rooms=(tests/channels/*/); else rooms=("$room"); fi
  for one in "${rooms[@]}"; do
    case $one in *__pycache__/) continue ;; esac
    $python -m pytest -q -m "not soak" "$one"
    code=$?
    if [ $code -ne 0 ] && [ $code -ne 5 ]; then
      echo "== once more, what failed in $one"
      $python -m pytest -q -m "not soak" --last-failed "$one" || failed=1
    fi
  done
done
exit $failed
