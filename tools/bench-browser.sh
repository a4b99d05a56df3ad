#!/usr/bin/env bash
# npm run bench:browser [rounds]: sessions in Chromium over lines that lose packets, by every way a browser has. Root only.
set -eu
. "$(dirname "$0")/install.sh"
install_packages
build_web
system_packages ip=iproute2 nft=nftables chromium=chromium Xvfb=xvfb openbox=openbox xterm=xterm \
  '/usr/lib/*/libvpx.so.*=libvpx7' '/usr/lib/*/libyuv.so.*=libyuv0' \
  '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf=fonts-dejavu-core'
exec node_modules/.bin/node bench/browser/run.ts "$@"
