#!/usr/bin/env bash
# npm run bench:e2e: installs what it needs, then measures (10 minutes and more).
set -eu
. "$(dirname "$0")/install.sh"
install_packages
system_packages Xvfb=xvfb chromium=chromium openbox=openbox xterm=xterm x11vnc=x11vnc \
  x0tigervncserver=tigervnc-scraping-server websockify=websockify '/usr/lib/*/libvpx.so.*=libvpx7' '/usr/lib/*/libyuv.so.*=libyuv0'
build_web
exec node_modules/.bin/node bench/e2e/run.ts
