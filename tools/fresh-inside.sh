#!/usr/bin/env bash
# Part of fresh.sh, inside the bare system: does what a stranger would do, and looks at what comes of it.
set -euo pipefail
set -m # jobs of their own, which Ctrl+C reaches as it does at a terminal

# shellcheck source=/dev/null # made by fresh.sh
. /etc/emailhub-fresh.env

readonly log=/tmp/make-run.log
readonly seconds_to_install=600
readonly seconds_to_start=20
readonly seconds_to_stop=10

say() { printf 'fresh: %s\n' "$*"; }

fail() {
  say "FAILED: $*"
  tail -n 60 "$log" >&2 || true
  exit 1
}

answers() {
  python3 - "http://localhost:$EMAILHUB_PORT/" 2>/dev/null <<'PYTHON'
import sys, urllib.request
page = urllib.request.urlopen(sys.argv[1], timeout=5)
sys.exit(not (page.status == 200 and b"EmailHub" in page.read()))
PYTHON
}

# Starts the command as the given user and waits until the page answers; says how long it took.
start() {
  local user="$1" limit="$2" started=$SECONDS
  shift 2
  as "$user" "$@" >"$log" 2>&1 &
  job=$!
  until answers; do
    kill -0 "$job" 2>/dev/null || fail "$* ended by itself"
    ((SECONDS - started < limit)) || fail "no answer within $limit seconds"
    sleep 0.5
  done
  say "$user: $* answers after $((SECONDS - started)) s"
}

stop() {
  local started=$SECONDS
  kill -INT -- "-$job"
  while kill -0 -- "-$job" 2>/dev/null; do
    ((SECONDS - started < seconds_to_stop)) || fail "still running $seconds_to_stop seconds after Ctrl+C"
    sleep 0.2
  done
  wait "$job" || true
  answers && fail "something still answers after Ctrl+C"
  ! pgrep_postgres || fail "PostgreSQL is still running after Ctrl+C"
  say "stopped after $((SECONDS - started)) s"
}

# Without procps, which a bare system has not.
pgrep_postgres() { grep -l -s -x postgres /proc/[0-9]*/comm; }

home() { getent passwd "$1" | cut -d: -f6; }

as() {
  local user="$1"
  shift
  runuser -u "$user" -- env HOME="$(home "$user")" USER="$user" "$@"
}

log_ins() { grep -E '@.*\.example +password ' "$log" | sort -u; }

# The network is the machine's own, where others may listen too.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

run_twice() {
  local user="$1" first
  start "$user" "$seconds_to_install" make -C "$(home "$user")/emailhub" run
  first="$(log_ins)"
  [[ -n "$first" ]] || fail "no log-in was printed"
  stop
  start "$user" "$seconds_to_start" make -C "$(home "$user")/emailhub" run
  [[ "$(log_ins)" == "$first" ]] || fail "the second run printed other log-ins: the data was not kept"
  stop
}

# The wheel in an empty environment of a user who has no checkout: no Node, no npm, no demo.
run_from_wheel() {
  as root make -C /root/emailhub wheel
  add_user keeper
  cp /root/emailhub/dist/*.whl /home/keeper/
  as keeper python3 -m venv /home/keeper/empty
  as keeper /home/keeper/empty/bin/pip install --quiet /home/keeper/*.whl
  start keeper "$seconds_to_start" env --chdir=/ /home/keeper/empty/bin/emailhub up
  stop
}

install_test_tools() {
  as root make -C /root/emailhub test-tools
  [[ ! -e /usr/sbin/policy-rc.d ]] || fail "test-tools left its policy-rc.d behind"
  ! ls /etc/rc3.d/S*{postfix,dovecot,postgresql} 2>/dev/null || fail "a service would start at the next boot"
  ! grep -l -s -x -E 'postgres|dovecot|master' /proc/[0-9]*/comm || fail "a service was started"
}

# With the configuration of pip and npm that was carried over for root.
add_user() {
  useradd --create-home --shell /bin/bash "$1"
  cp -r /root/.npmrc /root/.config /root/.pip "/home/$1/" 2>/dev/null || true
  chown -R "$1:" "/home/$1"
}

clone_for() {
  as "$1" git clone --quiet /srv/emailhub.git "$(home "$1")/emailhub"
}

main() {
  EMAILHUB_PORT="$(free_port)"
  EMAILHUB_SMTP_PORT="$(free_port)"
  export EMAILHUB_PORT EMAILHUB_SMTP_PORT
  git config --system safe.directory /srv/emailhub.git
  add_user stranger
  local user
  for user in stranger root; do
    clone_for "$user"
    run_twice "$user"
  done
  run_from_wheel
  [[ "$FRESH_TOOLS" != 1 ]] || install_test_tools
  [[ "$FRESH_TEST" == 0 ]] || as root make -C /root/emailhub test
}

main
