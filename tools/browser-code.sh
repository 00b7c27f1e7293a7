#!/usr/bin/env bash
# Fetches the browser code that package-lock.json names and lays it where the pages find it.
# npm checks each package against its hash. Where there is no npm, one comes from the Python registry
# into an environment of its own, which is used here and never by the running program.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly target=src/emailhub/web/static/vendor
readonly node_environment=.venv-node

# The package, the one file of it that a page loads, and the folder in which the page looks for it.
readonly pieces=(
  'squire-rte dist/squire.mjs squire'
  'dompurify dist/purify.min.js dompurify'
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

# Built files name a source map, which is not copied.
lay() {
  local into="$1" piece package file folder
  for piece in "${pieces[@]}"; do
    read -r package file folder <<<"$piece"
    mkdir -p "$into/$folder"
    sed '/^\/\/# sourceMappingURL=/d' "node_modules/$package/$file" >"$into/$folder/$(basename "$file")"
    cp "node_modules/$package/LICENSE" "$into/$folder/"
  done
}

main() {
  usable_npm || bring_npm
  npm ci --no-progress --loglevel=error
  rm -rf "$target.new"
  lay "$target.new"
  rm -rf "$target"
  mv "$target.new" "$target"
}

main
