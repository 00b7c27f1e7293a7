#!/usr/bin/env bash
# Proves the two commands on a machine that has nothing: a bare Debian made by debootstrap, in which
# the committed state of this checkout is cloned, `make run` answers over HTTP, and `make test` passes.
#
# How this machine reaches the package registries (proxies, certificates, configuration of pip, npm and
# apt) is carried over as it is found; nothing else is.
#
#   FRESH_CACHE   folder of the bare system, kept between runs (default: the user's cache folder)
#   FRESH_TOOLS=1 runs `make test-tools` first, so that no test is skipped
#   FRESH_TEST=0  leaves `make test` out
set -euo pipefail
cd "$(dirname "$0")/.."

readonly cache="${FRESH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/emailhub-fresh}"
readonly packages=python3,python3-venv,git,make,ca-certificates
readonly days_a_base_is_kept=30

say() { printf 'fresh: %s\n' "$*"; }

require_root() {
  if [[ $EUID -ne 0 ]]; then
    say "making another root folder takes root's rights: sudo make fresh"
    exit 1
  fi
}

install_debootstrap() {
  command -v debootstrap >/dev/null && return
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends debootstrap
}

release() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

# The first address that this machine's own sources name, in either format of them.
mirror() {
  sed -n -E 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
    head -n 1 || true
}

base() { echo "$cache/$(release)-base.tar"; }

make_base() {
  mkdir -p "$cache"
  find "$cache" -name '*-base.tar' -mtime "+$days_a_base_is_kept" -delete
  [[ -e "$(base)" ]] && return
  install_debootstrap
  say "making a bare $(release) in $cache"
  local folder
  folder="$(mktemp -d "$cache/base.XXXXXX")"
  debootstrap --variant=minbase --include="$packages" "$(release)" "$folder" "$(mirror)" >"$cache/debootstrap.log"
  tar --create --file "$(base).new" --one-file-system --directory "$folder" .
  mv "$(base).new" "$(base)"
  rm -rf --one-file-system "$folder"
}

# --- What the bare system must know of this machine ------------------------------------------------

# Whole files instead of links, and no link of the bare system is followed: an absolute one leads out of it.
carry() {
  local root="$1" path
  shift
  for path in "$@"; do
    [[ -e "$path" ]] || continue
    tar --create --dereference --directory / ".$path" | tar --extract --directory "$root"
  done
}

npm_configuration() {
  command -v npm >/dev/null || return 0
  npm config get globalconfig
}

carry_configuration() {
  local root="$1"
  rm -f "$root/etc/apt/sources.list" # debootstrap's; this machine's own come instead
  carry "$root" /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/xdg/pip /etc/ssl/certs \
    /usr/local/share/ca-certificates /etc/apt/sources.list /etc/apt/sources.list.d \
    /etc/apt/apt.conf.d /usr/share/keyrings "$HOME/.npmrc" "$HOME/.config/pip" "$HOME/.pip"
  local from_npm
  from_npm="$(npm_configuration)"
  [[ -z "$from_npm" || ! -e "$from_npm" ]] || { mkdir -p "$root/etc" && cp "$from_npm" "$root/etc/npmrc"; }
  carried_variables "$root" >"$root/etc/emailhub-fresh.env"
}

# Addresses, proxies and certificates, quoted so that a shell can read them back.
carried_variables() {
  local name
  while IFS= read -r name; do
    printf 'export %s=%q\n' "$name" "${!name}"
  done < <(compgen -e | grep -iE '^(pip_(cert|index_url|extra_index_url|default_timeout|trusted_host|proxy|client_cert)$|npm_config_|(http|https|no|all|ftp)_proxy$|ssl_cert_|requests_ca_bundle$|curl_ca_bundle$|node_extra_ca_certs$|git_ssl_cainfo$)')
  [[ ! -e "$1/etc/npmrc" ]] || echo 'export NPM_CONFIG_GLOBALCONFIG=/etc/npmrc'
}

# --- The run ---------------------------------------------------------------------------------------

warn_of_uncommitted() {
  [[ -z "$(git status --porcelain)" ]] || say "changes that are not committed are not part of this"
}

# In name spaces of its own, so that whatever is left over ends with it.
enter() {
  local root="$1"
  unshare --mount --pid --ipc --fork --kill-child --propagation private \
    bash tools/fresh-enter.sh "$root"
}

main() {
  require_root
  warn_of_uncommitted
  make_base
  local root
  root="$(mktemp -d "$cache/root.XXXXXX")"
  # shellcheck disable=SC2064 # the folder's name is needed now, not at the end
  trap "rm -rf --one-file-system '$root'" EXIT
  tar --extract --file "$(base)" --directory "$root"
  chmod 755 "$root"
  carry_configuration "$root"
  git clone --quiet --bare --no-hardlinks . "$root/srv/emailhub.git"
  install -m 755 tools/fresh-inside.sh "$root/usr/local/bin/fresh-inside"
  enter "$root"
  say "both commands work on a bare $(release), at $(git describe --always)"
}

main
