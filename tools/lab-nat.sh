#!/usr/bin/env bash
# npm run lab: what is missing, then hosts behind real NATs on this machine. As root.
set -eu
. "$(dirname "$0")/install.sh"
install_packages
system_packages ip=iproute2 nft=nftables
exec node_modules/.bin/node test/lab/src/main.ts "${@:-matrix}"
