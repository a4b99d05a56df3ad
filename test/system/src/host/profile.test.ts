import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { fingerprint, passwordHash } from "@pulpit/protocol";
import { connected, ended, lookAt } from "../node-viewer.ts";
import { type Servers, startServers } from "../world.ts";
import { codeOf } from "./authenticator.ts";
import { ownHost } from "./own-host.ts";

const OWN = "t-K8v!pW3n_z";
/** Nobody's uid: another user of the machine. */
const NOBODY = 65_534;
const MACHINE_ID = "/etc/machine-id";

let stack: AsyncDisposableStack;
let servers: Servers;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
});
after(() => stack.disposeAsync());

/** Every path below, with its mode. */
function modesBelow(folder: string): readonly (readonly [path: string, mode: number])[] {
  return [folder, ...readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name))].map(
    (path) => [path, lstatSync(path).mode],
  );
}

test("everything in the profile is its owner's alone, and another user of the machine reaches nothing", async (t) => {
  using own = ownHost();
  await using host = await own.share(servers);
  const visitor = lookAt(servers, host.id, { password: host.password });
  await visitor.until(connected);
  visitor.session.close();
  await visitor.until(ended);
  const setting = own.begin("password");
  setting.tell(OWN);
  assert.equal((await setting.ended).code, 0);
  const found = modesBelow(own.home);
  assert.ok(found.length >= 6, found.join("\n"));
  for (const [path, mode] of found) {
    assert.equal(mode & 0o777, (mode & 0o170000) === 0o040000 ? 0o700 : 0o600, path);
  }
  if (process.getuid?.() !== 0) return t.skip("only root can be somebody else");
  const stranger = (program: string): string => {
    const as = { uid: NOBODY, gid: NOBODY, cwd: "/", env: {}, encoding: "utf8" as const, timeout: 20_000 };
    const { stdout, error } = spawnSync(process.execPath, ["--input-type=module", "-e", program], as);
    assert.equal(error, undefined);
    return stdout.trim();
  };
  const tried = found.map(([path]) => path).filter((path) => path !== own.home);
  const script = `
    import { readdirSync, readFileSync } from "node:fs";
    import { connect } from "node:net";
    const codes = new Set();
    const attempt = (act) => { try { act(); codes.add("let in"); } catch (error) { codes.add(error.code); } };
    attempt(() => readdirSync(${JSON.stringify(own.home)}));
    for (const path of ${JSON.stringify(tried)}) attempt(() => readFileSync(path));
    const socket = connect(${JSON.stringify(own.socket)});
    socket.on("connect", () => { codes.add("connected"); socket.destroy(); });
    socket.on("error", ({ code }) => codes.add(code));
    socket.on("close", () => console.log([...codes].join()));
  `;
  assert.equal(stranger(script), "EACCES");
  // The password is in no command line either: those everybody may read.
  assert.ok(!execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(OWN));
});

test("a stock host's configuration is taken over: a viewer finds its ID, its key and its password", async (t) => {
  let machine: Buffer;
  try {
    machine = Buffer.from(readFileSync(MACHINE_ID, "utf8").trim());
  } catch {
    return t.skip(`no ${MACHINE_ID}`);
  }
  const crypto = nodeCrypto();
  const random = nodeRandom();
  // Put together after docs/protocol/session.md, section 3.5.
  const key = new Uint8Array(32);
  key.set(machine.subarray(0, 32));
  const sealed = (mark: string, text: string): string => {
    const nonce = random.bytes(24);
    const box = crypto.secretBox(new TextEncoder().encode(text), nonce, key);
    return mark + Buffer.concat([Buffer.of(1), nonce, box]).toString("base64");
  };
  const id = String(100_000_000 + (Buffer.from(random.bytes(4)).readUInt32LE() % 899_999_999));
  const salt = "x7Kd2a";
  const hash = Buffer.from(passwordHash(crypto, OWN, salt)).toString("base64");
  const keys = crypto.signKeyPair(random.bytes(32));
  const numbers = (bytes: Uint8Array): string => `[${[...bytes].join(", ")}]`;
  using own = ownHost();
  const file = join(own.home, "..", "RustDesk.toml");
  writeFileSync(
    file,
    [
      `enc_id = '${sealed("00", id)}'`,
      `password = '${sealed("01", `00${hash}`)}'`,
      `salt = '${salt}'`,
      `key_pair = [${numbers(keys.secretKey)}, ${numbers(keys.publicKey)}]`,
      "key_confirmed = true",
      "[keys_confirmed]",
      "",
    ].join("\n"),
  );
  const { code, out, err } = await own.run("import", file, "--json");
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(JSON.parse(out), { id: true, keys: true, password: true, problems: [] });
  await using host = await own.share(servers);
  assert.equal(host.id, id);
  const viewer = lookAt(servers, id, { password: OWN });
  const { connection } = await viewer.until(connected);
  assert.equal(connection?.fingerprint, fingerprint(keys.publicKey));
  viewer.session.close();
  await viewer.until(ended);
  // A host that runs is not made somebody else under its feet.
  assert.equal((await own.run("import", file)).code, 1);
});

test("the second factor can be switched on before the host has ever run", async () => {
  using own = ownHost();
  const turning = own.begin("second-factor", "on");
  const [, secret = ""] = await turning.said(/Or type it: ([A-Z2-7]{32})\n/);
  turning.tell(codeOf(secret, Date.now()));
  const { code, out } = await turning.ended;
  assert.deepEqual([code, out.match(/[2-9a-z]{5}-[2-9a-z]{5}/g)?.length], [0, 10]);
  const { secondFactor } = await own.json<{ secondFactor: unknown }>("status");
  assert.deepEqual(secondFactor, { on: true, recoveryCodes: 10 });
});
