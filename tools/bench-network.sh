#!/usr/bin/env bash
# npm run bench:rendezvous, bench:relay: what is missing, then the benchmark beside its native baselines.
set -eu
. "$(dirname "$0")/install.sh"
install_packages
system_packages gcc=gcc taskset=util-linux /usr/include/stdio.h=libc6-dev
if [ "$1" = relay ]; then
  system_packages /usr/sbin/nginx=nginx-light /usr/lib/nginx/modules/ngx_stream_module.so=libnginx-mod-stream socat=socat
fi
exec node_modules/.bin/node "bench/network/$1.ts"
