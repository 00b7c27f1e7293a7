#!/usr/bin/env bash
# Resolves the dependencies into files with exact versions and hashes, for every platform and for
# Python 3.11 and later. Versions that the files hold stay; UPGRADE=1 takes the newest.
# uv comes into an environment of its own, for this step only.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly environment=.venv-lock
readonly upgrade=(${UPGRADE:+--upgrade})

# Files with the same versions everywhere: no address of a registry and no folder of this machine.
compile() {
  local output="$1"
  shift
  env -u UV_FIND_LINKS -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_CONSTRAINT \
    "$environment/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links \
    --custom-compile-command 'make lock' "${upgrade[@]}" --output-file "$output" "$@"
}

main() {
  tools/make-venv.sh "$environment"
  "$environment/bin/python" -m pip install --quiet --upgrade uv
  mkdir -p requirements
  # First the most that an installation has, so that the least has the same versions.
  compile requirements/s3.txt pyproject.toml --group setup --extra s3
  compile requirements/runtime.txt pyproject.toml --group setup --constraints requirements/s3.txt
  compile requirements/dev.txt pyproject.toml --group setup --group dev --constraints requirements/runtime.txt
  compile requirements/node.txt --group node
  if command -v npm >/dev/null; then npm install --package-lock-only; fi
}

main
