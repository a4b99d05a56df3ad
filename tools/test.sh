#!/usr/bin/env bash
# npm test: everything that is missing, then the checks and all tests. "long" runs the long ones instead.
set -eu
. "$(dirname "$0")/install.sh"
install_packages
system_packages Xvfb=xvfb chromium=chromium openbox=openbox xterm=xterm xdotool=xdotool setxkbmap=x11-xkb-utils \
  xsetroot=x11-xserver-utils xauth=xauth pgrep=procps '/usr/lib/*/libvpx.so.*=libvpx7' '/usr/lib/*/libyuv.so.*=libyuv0' \
  ip=iproute2 nft=nftables notify-send=libnotify-bin dbus-daemon=dbus-daemon systemd-analyze=systemd \
  /usr/lib/python3/dist-packages/dbus=python3-dbus /usr/lib/python3/dist-packages/gi=python3-gi \
  '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf=fonts-dejavu-core'
build_web
if [ "${1:-}" = long ]; then
  system_packages '/usr/lib/*/faketime/libfaketime.so.1=faketime'
  exec node_modules/.bin/node tools/run-tests.ts long
fi
node_modules/.bin/node tools/check.ts
exec node_modules/.bin/node tools/run-tests.ts all
