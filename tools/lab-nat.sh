#!/usr/bin/env bash
# npm run lab, npm run lab:nat: what is missing, then hosts behind real NATs on this machine. As root. "paths" runs
# Pulpit's own programs there.
set -eu
. "$(dirname "$0")/install.sh"
install_packages
system_packages ip=iproute2 nft=nftables
if [ "${1:-matrix}" = paths ]; then
  build_web
  system_packages Xvfb=xvfb '/usr/lib/*/libvpx.so.*=libvpx7' '/usr/lib/*/libyuv.so.*=libyuv0'
fi
exec node_modules/.bin/node test/lab/src/main.ts "${@:-matrix}"
