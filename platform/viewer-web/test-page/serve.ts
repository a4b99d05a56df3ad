import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";

const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** The test page, bundled as an application would be, on a port of its own. */
export async function servePage(): Promise<AsyncDisposable & { readonly url: string }> {
  const outDir = mkdtempSync(join(tmpdir(), "pulpit-page-"));
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "silent",
    build: { outDir, target: "es2022", minify: false },
    worker: { format: "es" },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://page");
    try {
      const body = readFileSync(join(outDir, pathname === "/" ? "index.html" : pathname));
      response.setHeader("content-type", TYPES[extname(pathname)] ?? "text/html").end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      rmSync(outDir, { recursive: true });
    },
  };
}
