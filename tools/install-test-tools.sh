#!/usr/bin/env bash
# Installs what the tests drive as it is: a browser, mail servers and a PostgreSQL of the system.
#
# Debian packages only. Nothing that gets installed here starts by itself, neither now nor at the
# next boot: the tests start their own copies, with their own configuration, on loopback.
# A second run finds everything there and asks no package server.
set -euo pipefail

readonly packages=(
  knot       # name servers whose records come and go while a test looks
  chromium chromium-sandbox # the pages as a person sees them: flow tests, pictures, accessibility
  fonts-noto-core           # so that pictures show letters, not boxes
  dovecot-imapd dovecot-lmtpd
  strace     # shows that the answer to DATA comes after the sync, not before; breaks a system call
  faketime   # a clock that jumps
  gettext    # finds the strings in the source, to check that each is translated
  postgresql # the other engine: the tests of the embedded PostgreSQL run on this one too
)
readonly services=(postfix dovecot postgresql knot)
readonly policy=/usr/sbin/policy-rc.d

say() { printf 'test-tools: %s\n' "$*"; }

installed() { [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]; }

# Any mail server of Debian's provides this name, and they exclude each other.
other_mail_server() {
  dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Provides}\n' 2>/dev/null |
    awk -F '\t' '$1 == "installed" && $2 != "postfix" && $3 ~ /mail-transport-agent/ { print $2; exit }'
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do installed "$package" || echo "$package"; done
  installed postfix || [[ -n "$(other_mail_server)" ]] || echo postfix
}

as_root() {
  if [[ $EUID -eq 0 ]]; then "$@"; else sudo -- "$@"; fi
}

require_root_or_sudo() {
  [[ $EUID -eq 0 ]] && return
  command -v sudo >/dev/null && return
  say "root's rights are needed. As root, run:"
  say "  apt-get install --no-install-recommends $*"
  exit 1
}

# Debian's packages ask this file before they start a service; 101 means "not allowed".
forbid_starts() {
  if [[ -e "$policy" ]]; then
    say "leaving the machine's own $policy in place"
    return
  fi
  trap 'as_root rm -f "$policy"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

# Without this Postfix would ask a question, and then write a configuration that accepts mail.
preseed_postfix() {
  printf 'postfix postfix/main_mailer_type select No configuration\n' | as_root debconf-set-selections
}

installed_services() {
  local service
  for service in "${services[@]}"; do [[ -e "/etc/init.d/$service" ]] && echo "$service"; done
  return 0
}

# Only what came with this run: a service that was here before is its owner's.
disable_new_services() {
  local before="$1" service
  for service in $(installed_services); do
    [[ " $before " == *" $service "* ]] || as_root update-rc.d "$service" disable >/dev/null
  done
}

install_packages() {
  local before
  before="$(installed_services | xargs)"
  preseed_postfix
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
  disable_new_services "$before"
}

main() {
  local missing other
  if ! command -v apt-get >/dev/null; then
    say "this machine has no apt-get. Install by hand: ${packages[*]} postfix"
    exit 1
  fi
  other="$(other_mail_server)"
  [[ -z "$other" ]] || say "$other stays; Postfix is not installed, its tests are skipped"
  mapfile -t missing < <(missing_packages)
  if [[ ${#missing[@]} -eq 0 ]]; then
    say "all there"
    return
  fi
  require_root_or_sudo "${missing[@]}"
  say "installing ${missing[*]}"
  forbid_starts
  install_packages "${missing[@]}"
}

main
