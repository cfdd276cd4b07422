#!/usr/bin/env bash
# Fetches the peers that the conformance tests compare with, without installing a service:
#   etcd-new    the newest etcd server and client that Debian's newer suites have (unpacked only)
#   etcd-34     the configured release's own etcd 3.4 server and client (unpacked only)
#   iproute2, strace and faketime (installed if this user may): partitions, slow disks and clocks in tests/Lab
#   python3-etcd3 (installed, or unpacked when this user can't install), npm etcd3 (into the cache)
# Idempotent: what is there already is kept. A peer that can't be had is reported; the tests that need it skip.
# Usage: install.sh [--refresh]        KREWE_PEERS overrides the cache directory.
set -uo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${KREWE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/krewe-peers}"
suites="trixie trixie-backports forky sid"
missing=0

[ "${1:-}" = "--refresh" ] && rm -rf "$cache"
mkdir -p "$cache"

say() { printf '%-14s %s\n' "$1" "$2"; }
fail() { say "$1" "MISSING: $2"; missing=$((missing + 1)); }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

# One deb822 or one-line source per newer suite, derived from the machine's configured Debian source.
derive_sources() {
  local into="$1" suite deb822 list
  deb822="$(grep -lsE '^Suites:.*' /etc/apt/sources.list.d/*.sources | xargs -r grep -lE '^URIs:.*/debian/?$' | head -1)"
  list="$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | grep -E '^deb .*/debian/? ' | head -1)"
  for suite in $suites; do
    if [ -n "$deb822" ]; then
      awk -v RS= '/\nURIs:[^\n]*\/debian\/?(\n|$)/ { print; exit }' "$deb822" | sed "s/^Suites:.*/Suites: $suite/" >"$into/$suite.sources"
    elif [ -n "$list" ]; then
      sed -E "s#^(deb (\[[^]]*\] )?[^ ]+) [^ ]+ .*#\1 $suite main#" <<<"$list" >"$into/$suite.list"
    fi
  done
}

newer_apt() {
  local apt="$cache/apt"
  if [ ! -f "$apt/apt.conf" ]; then
    mkdir -p "$apt/sources" "$apt/state/lists/partial" "$apt/cache/archives/partial"
    derive_sources "$apt/sources"
    cat >"$apt/apt.conf" <<EOF
Dir::State "$apt/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "";
Acquire::Languages "none";
EOF
  fi
  APT_CONFIG="$apt/apt.conf" apt-get "$@"
}

versions() { APT_CONFIG="${2:-/dev/null}" apt-cache madison "$1" 2>/dev/null | awk -F'|' '{gsub(/ /,"",$2); print $2}' | sort -rVu; }

# unpack NAME PACKAGE=VERSION DIR APT_CONFIG
unpack() {
  local work deb
  work="$(mktemp -d)"
  if (cd "$work" && APT_CONFIG="$3" apt-get -qq download "$1" >/dev/null 2>&1); then
    deb="$(ls "$work"/*.deb)"
    mkdir -p "$2" && dpkg-deb -x "$deb" "$2"
  fi
  rm -rf "$work"
}

new_etcd() {
  local into="$cache/etcd-new" conf="$cache/apt/apt.conf" version
  if [ ! -x "$into/usr/bin/etcd" ] || [ ! -x "$into/usr/bin/etcdctl" ]; then
    newer_apt -qq update >/dev/null 2>&1
    for version in $(versions etcd-server "$conf"); do
      rm -rf "$into"
      unpack "etcd-server=$version" "$into" "$conf"
      unpack "etcd-client=$version" "$into" "$conf"
      # A version whose dynamic libraries this machine lacks does not run: try the next.
      "$into/usr/bin/etcd" --version >/dev/null 2>&1 && "$into/usr/bin/etcdctl" version >/dev/null 2>&1 && break
      rm -rf "$into"
    done
    rm -rf "$cache/apt/state/lists" "$cache/apt/cache"
    mkdir -p "$cache/apt/state/lists/partial" "$cache/apt/cache/archives/partial"
  fi
  if [ -x "$into/usr/bin/etcd" ]; then
    say etcd-new "$("$into/usr/bin/etcd" --version | head -1) in $into/usr/bin"
  else
    fail etcd-new "no newer Debian suite gave an etcd that runs here"
  fi
}

own_etcd() {
  local into="$cache/etcd-34"
  if [ ! -x "$into/usr/bin/etcdctl" ] || [ ! -x "$into/usr/bin/etcd" ]; then
    [ -n "$(versions etcd-server)" ] || as_root apt-get -qq update >/dev/null 2>&1
    unpack etcd-server "$into" /dev/null
    unpack etcd-client "$into" /dev/null
  fi
  if ETCDCTL_API=3 "$into/usr/bin/etcdctl" version >/dev/null 2>&1; then
    say etcd-34 "$("$into/usr/bin/etcd" --version | head -1) in $into/usr/bin"
  else
    fail etcd-34 "the configured release has no etcd-server and etcd-client that run here"
  fi
}

python_works() { PYTHONPATH="$cache/python/usr/lib/python3/dist-packages" PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=python \
  /usr/bin/python3 -c 'import etcd3' >/dev/null 2>&1; }

python_etcd3() {
  if ! python_works; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3-etcd3 >/dev/null 2>&1
  fi
  if ! python_works; then
    local package
    for package in python3-etcd3 python3-grpcio python3-protobuf python3-six python3-tenacity \
      libgrpc29 libgrpc++1.51 libprotobuf32 libabsl20220623 libre2-9 libcares2 libc-ares2; do
      unpack "$package" "$cache/python" /dev/null
    done
  fi
  if python_works; then say python3-etcd3 "for /usr/bin/python3"; else fail python3-etcd3 "neither installed nor unpacked for /usr/bin/python3"; fi
}

npm_etcd3() {
  local into="$cache/npm"
  if [ ! -d "$into/node_modules/etcd3" ] && command -v npm >/dev/null; then
    mkdir -p "$into"
    cp "$here/npm/package.json" "$here/npm/package-lock.json" "$into/"
    (cd "$into" && npm ci --ignore-scripts --no-audit --no-fund --silent >/dev/null 2>&1)
  fi
  if [ -d "$into/node_modules/etcd3" ]; then say npm-etcd3 "$into/node_modules/etcd3"; else fail npm-etcd3 "npm is absent or could not install it"; fi
}

# lab_tool COMMAND PACKAGE
lab_tool() {
  if ! command -v "$1" >/dev/null && [ ! -x "/usr/sbin/$1" ]; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$2" >/dev/null 2>&1
  fi
  if command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; then say "$2" "has $1"; else fail "$2" "it could not be installed"; fi
}

new_etcd
own_etcd
lab_tool ip iproute2
lab_tool strace strace
lab_tool faketime faketime
python_etcd3
npm_etcd3
echo "peers in $cache, $missing missing"
exit 0
