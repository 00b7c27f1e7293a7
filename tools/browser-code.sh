#!/usr/bin/env bash
# Fetches the browser code that package-lock.json names and lays it where the pages find it.
# npm checks each package against its hash. Where there is no npm, one comes from the Python registry
# into an environment of its own, which is used here and never by the running program.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly target=src/emailhub/web/static/vendor
readonly node_environment=.venv-node
readonly files=(
  squire-rte/dist/squire.mjs
  dompurify/dist/purify.es.mjs
)

# Lock files of version 3 need npm 7.
usable_npm() {
  local version
  version="$(npm --version 2>/dev/null)" || return 1
  [[ "${version%%.*}" -ge 7 ]]
}

bring_npm() {
  tools/make-venv.sh "$node_environment"
  "$node_environment/bin/python" -m pip install --quiet --require-hashes -r requirements/node.txt
  PATH="$PWD/$node_environment/bin:$PATH"
  usable_npm
}

# The last line of a built file names a source map, which is not copied.
lay() {
  local folder="$1" file
  for file in "${files[@]}"; do
    sed '/^\/\/# sourceMappingURL=/d' "node_modules/$file" >"$folder/$(basename "$file")"
    cp "node_modules/${file%%/*}/LICENSE" "$folder/${file%%/*}.LICENSE"
  done
}

main() {
  usable_npm || bring_npm
  npm ci --no-progress --loglevel=error
  rm -rf "$target.new"
  mkdir -p "$target.new"
  lay "$target.new"
  rm -rf "$target"
  mv "$target.new" "$target"
}

main
