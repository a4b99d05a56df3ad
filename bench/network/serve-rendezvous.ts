// serve-rendezvous.ts PORT fast|portable: an ID server for the benchmark, in a folder that is gone afterwards.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { keepNurserySmall, silentLog } from "@pulpit/link-node";
import { loadServerKey, RENDEZVOUS_DEFAULTS, startRendezvous } from "@pulpit/rendezvous";

const [port, path] = process.argv.slice(2);
// As `pulpit server` does.
keepNurserySmall();
const datagramPath = path === "portable" ? "portable" : "fast";
const folder = mkdtempSync(join(tmpdir(), "pulpit-bench-rendezvous-"));
const server = await startRendezvous(
  { ...RENDEZVOUS_DEFAULTS, port: Number(port), host: "127.0.0.1", requireKey: false, datagramPath },
  {
    log: silentLog,
    key: loadServerKey(folder, nodeCrypto(), nodeRandom()),
    // A file, as in real life: in memory the database would count as what a device needs.
    databasePath: join(folder, "pulpit.sqlite"),
  },
);
if (server.stats().datagramPath !== datagramPath) throw new Error(`the ${datagramPath} path is not to be had here`);
process.once("SIGTERM", async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
console.log("ready");
