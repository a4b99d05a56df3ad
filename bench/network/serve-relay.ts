// serve-relay.ts PORT KEY fast|portable: a relay for the benchmark.
import { keepNurserySmall, silentLog } from "@pulpit/link-node";
import { RELAY_DEFAULTS, startRelay } from "@pulpit/relay";

const [port, key = "", mode] = process.argv.slice(2);
// As `pulpit server` does.
keepNurserySmall();
const unlimited = Number.POSITIVE_INFINITY;
const relay = await startRelay(
  {
    ...RELAY_DEFAULTS,
    port: Number(port),
    host: "127.0.0.1",
    serverKey: { publicKey: new Uint8Array(32), publicText: key },
    // What is measured is what it can, not what it may.
    bandwidth: { ...RELAY_DEFAULTS.bandwidth, total: unlimited, single: unlimited },
    dataPath: mode === "portable" ? "portable" : "fast",
  },
  { log: silentLog },
);
process.once("SIGTERM", async () => {
  await relay[Symbol.asyncDispose]();
  process.exit(0);
});
console.log("ready");
