#!/usr/bin/env bash
# npm run bench:paths [seconds per cell] [rounds]: KCP and WebRTC beside the system's TCP over lines that lose packets, as
# bytes and as whole sessions. Root only.
set -eu
. "$(dirname "$0")/install.sh"
install_packages
system_packages ip=iproute2 nft=nftables Xvfb=xvfb openbox=openbox xterm=xterm '/usr/lib/*/libvpx.so.*=libvpx7' \
  '/usr/lib/*/libyuv.so.*=libyuv0' '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf=fonts-dejavu-core'
exec node_modules/.bin/node bench/paths/run.ts "$@"
