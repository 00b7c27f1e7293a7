#!/usr/bin/env bash
# Makes the virtual environment in the folder that is named, with the first Python that is new enough.
# Run again on an environment that is half made, it completes it; a whole one it leaves as it is.
set -euo pipefail

readonly folder="$1"
readonly oldest='3.11'

say() { printf 'emailhub: %s\n' "$*" >&2; }

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < tuple(map(int, sys.argv[1].split("."))))' "$oldest" 2>/dev/null
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14; do
    if new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  say "Python $oldest or later is needed; PYTHON=/path/to/python make ... names one"
  return 1
}

# Debian and Ubuntu ship Python in pieces, and the piece that venv needs is not in the first one.
make_environment() {
  local python="$1"
  if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$folder"
  elif "$python" -m virtualenv --version >/dev/null 2>&1; then
    "$python" -m virtualenv --quiet "$folder"
  else
    say "this Python cannot make virtual environments. On Debian and Ubuntu:"
    say "  apt install python3-venv"
    return 1
  fi
}

main() {
  if [[ -x "$folder/bin/python" ]] && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    return
  fi
  local python
  python="$(find_python)"
  make_environment "$python"
}

main
