#!/usr/bin/env bash
# npm run bench:paths [seconds per cell] [rounds]: KCP beside the system's TCP over lines that lose packets. Root only.
set -eu
. "$(dirname "$0")/install.sh"
install_packages
system_packages ip=iproute2 nft=nftables
exec node_modules/.bin/node bench/paths/run.ts "$@"
