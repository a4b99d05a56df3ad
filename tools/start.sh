#!/usr/bin/env bash
# npm start: everything that is missing, then server, this desktop and the web client.
set -eu
. "$(dirname "$0")/install.sh"
install_packages
build_web
if [ -z "${DISPLAY:-}" ]; then
  system_packages Xvfb=xvfb openbox=openbox xterm=xterm '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf=fonts-dejavu-core'
fi
system_packages '/usr/lib/*/libvpx.so.*=libvpx7' '/usr/lib/*/libyuv.so.*=libyuv0'
exec node_modules/.bin/node apps/cli/src/main.ts up "$@"
