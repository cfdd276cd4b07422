#!/bin/sh
# Stands in for the krewe binary in the conformance cases (KREWE_BIN): a member on ports of its own, and a gateway to it where the member was
# asked to listen. The member dies with the gateway.
#   KREWE_REAL  the krewe binary; the Release build of Silo if it is not set
krewe=${KREWE_REAL:-$(dirname "$0")/../../Silo/bin/Release/net10.0/krewe}
unset KREWE_REAL KREWE_BIN
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
client=
metrics=
gateway=
for argument; do
  shift
  case $argument in
    --listen-client-urls=*) client=${argument#*=}; argument=--listen-client-urls=http://127.0.0.1:$port ;;
    --listen-metrics-urls=*) metrics=--metrics-addr=${argument#*=}; continue ;;
    --host-whitelist=* | --enable-grpc-gateway=* | --watch-progress-notify-interval=* | --cors=*) gateway="$gateway $argument" ;;
  esac
  set -- "$@" "$argument"
done
setpriv --pdeathsig KILL "$krewe" "$@" &
# The cases' root, for those that restart with authentication enabled.
exec "$krewe" gateway --user=root:root "--endpoints=127.0.0.1:$port" "--listen-addr=$client" $metrics $gateway
