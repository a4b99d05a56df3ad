// serve-relay.ts PORT KEY fast|portable: a relay for the benchmark.
import { silentLog } from "@pulpit/link-node";
import { startRelay } from "@pulpit/relay";

const [port, key] = process.argv.slice(2);
const relay = await startRelay({ port: Number(port), host: "127.0.0.1", requiredKey: key }, { log: silentLog });
process.once("SIGTERM", async () => {
  await relay[Symbol.asyncDispose]();
  process.exit(0);
});
console.log("ready");
