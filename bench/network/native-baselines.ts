import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativePrograms } from "./build.ts";
import { type Pinned, SERVER_CPU, startPinned } from "./run.ts";

// Pinned, so that figures of different days can be compared: Debian's nginx-light 1.22.1 with
// libnginx-mod-stream, and socat 1.7.4.4.
const NGINX = "/usr/sbin/nginx";
const NGINX_STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so";
const SOCAT = "/usr/bin/socat";
const PACKAGES: Readonly<Record<string, string>> = {
  [NGINX]: "nginx-light",
  [NGINX_STREAM]: "libnginx-mod-stream",
  [SOCAT]: "socat",
};

/** The least an ID server can do, in C: one system call for each datagram, or for as many as there are. */
export function startRegisterEcho(
  { registerEcho }: NativePrograms,
  mode: "recvfrom" | "recvmmsg",
  port: number,
): Promise<Pinned> {
  return startPinned({ path: registerEcho, args: [mode, String(port)], cpu: SERVER_CPU, ready: "ready" });
}

/** nginx as people run it, with room for many connections: everything else is its default. */
export async function startNginx(port: number, sinkPort: number): Promise<Pinned> {
  need(NGINX);
  need(NGINX_STREAM);
  const folder = await mkdtemp(join(tmpdir(), "pulpit-bench-nginx-"));
  const settings = join(folder, "nginx.conf");
  await writeFile(
    settings,
    `load_module ${NGINX_STREAM};
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
events { worker_connections 19000; }
stream {
  server {
    listen 127.0.0.1:${port} backlog=4096;
    proxy_pass 127.0.0.1:${sinkPort};
  }
}
`,
  );
  const args = ["-p", folder, "-c", settings, "-e", join(folder, "error.log")];
  const nginx = await startPinned({ path: NGINX, args, cpu: SERVER_CPU, ready: { port } });
  const stop = async (): Promise<void> => {
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...nginx, stop, [Symbol.asyncDispose]: stop };
}

/** A process for each connection; those that ended take their CPU time with them, so only its speed counts. */
export function startSocat(port: number, sinkPort: number): Promise<Pinned> {
  need(SOCAT);
  const from = `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=4096`;
  const args = ["-b", "65536", from, `TCP:127.0.0.1:${sinkPort},nodelay`];
  return startPinned({ path: SOCAT, args, cpu: SERVER_CPU, ready: { port } });
}

function need(path: string): void {
  if (existsSync(path)) return;
  throw new Error(`This benchmark needs ${path}: apt-get install --no-install-recommends ${PACKAGES[path]}`);
}
