import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The checkout as somebody else would have it after `npm ci`, in a home of their own. */
export interface FreshCopy extends Disposable {
  readonly home: string;
  readonly checkout: string;
}

/** What npm would install is linked to what is installed; the packages of this repository are the copy's own. */
export function freshCopy(): FreshCopy {
  const home = mkdtempSync(join(tmpdir(), "pulpit-fresh-"));
  const checkout = join(home, "pulpit");
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of listed.split("\0").filter((name) => name !== "" && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    cpSync(join(ROOT, file), join(checkout, file), { verbatimSymlinks: true });
  }
  const modules = join(checkout, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (name === "@pulpit")
      cpSync(join(ROOT, "node_modules", name), join(modules, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  // `npm run build:web` takes longer than everything here, and has been done.
  const built = join(ROOT, "apps/web/dist");
  if (existsSync(built)) cpSync(built, join(checkout, "apps/web/dist"), { recursive: true });
  return { home, checkout, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) };
}

/** Shell blocks of a document that are marked `<!-- run: NAME -->`. */
export function marked(document: string): ReadonlyMap<string, string> {
  const text = readFileSync(document, "utf8");
  const found = [...text.matchAll(/<!-- run: ([\w-]+) -->\n```sh\n([\s\S]*?)```/g)];
  return new Map(found.map(([, name = "", block = ""]) => [name, block]));
}

/** A main port whose neighbours are free as well. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const port = 30_000 + Math.floor(Math.random() * 20_000);
    const free = await Promise.all([-1, 0, 1, 2, 3].map((offset) => isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
