#!/bin/sh
# Stands in for Krewe when the harness itself is checked: a second real etcd that drops Krewe's own flags.
# Usage: KREWE_BIN=tests/peers/etcd-as-krewe.sh KREWE_SELFCHECK=1 dotnet run --project tests/Conformance
for argument in "$@"; do
  shift
  case "$argument" in
    --silo-port=* | --gateway-port=*) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec "${KREWE_PEER_ETCD:-${KREWE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/krewe-peers}/etcd-new/usr/bin/etcd}" "$@"
