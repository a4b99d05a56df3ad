import assert from "node:assert/strict";
import { existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { silentLog } from "@pulpit/link-node";
import { ask } from "./client.ts";
import { MAX_CONNECTIONS, MAX_QUESTION } from "./config.ts";
import type { Desk } from "./desk.ts";
import { AdminError } from "./errors.ts";
import { type Handlers, serverDesk } from "./questions.ts";
import { startAdmin } from "./server.ts";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-admin-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const keys = { publicKey: "key", fingerprint: "abcd", source: "id_ed25519" };
/** Those a test asks; another one would be a mistake of the test. */
const handlers = (own: Partial<Handlers> = {}): Desk => serverDesk({ keys: () => keys, ...own } as Handlers);

/** Sends bytes and gives everything that comes back until the server ends it or a line has come. */
function raw(path: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (text.endsWith("\n")) socket.end();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
    socket.write(bytes);
  });
}

test("a question is answered, and nobody but the owner reaches the socket", async (t) => {
  const path = join(folderOf(t), "data", "admin.sock");
  await using _admin = await startAdmin(
    path,
    handlers({ "devices.list": ({ after, limit }) => [{ id: `${after}+${limit}` } as never] }),
    { log: silentLog },
  );
  assert.deepEqual(await ask(path, "keys", {}), keys);
  assert.deepEqual(await ask(path, "devices.list", { after: "123456789", limit: 5 }), [{ id: "123456789+5" }]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, "..")).mode & 0o777, 0o700);
});

test("a refusal comes with its reason, a failure does not end the server", async (t) => {
  const path = join(folderOf(t), "admin.sock");
  await using _admin = await startAdmin(
    path,
    handlers({
      "devices.show": () => {
        throw new AdminError("refused", "There is no such device");
      },
      usage: () => {
        throw new TypeError("a bug");
      },
    }),
    { log: silentLog },
  );
  const show = ask(path, "devices.show", { id: "123456789" });
  await assert.rejects(show, { code: "refused", message: "There is no such device" });
  await assert.rejects(ask(path, "usage", {}), { code: "broken", message: "a bug" });
  assert.deepEqual(await ask(path, "keys", {}), keys);
});

test("what is no question is told so, and a longer line than allowed ends the connection", async (t) => {
  const path = join(folderOf(t), "admin.sock");
  let listed = 0;
  const count = (): never[] => {
    listed += 1;
    return [];
  };
  await using _admin = await startAdmin(path, handlers({ "devices.list": count }), { log: silentLog });
  for (const line of [
    "no json",
    "null",
    "[]",
    '{"question":"toString"}',
    '{"question":"__proto__"}',
    '{"question":"devices.list"}',
    '{"question":"devices.list","after":"","limit":1000000}',
    '{"question":"devices.list","after":{},"limit":1}',
  ]) {
    assert.match(await raw(path, `${line}\n`), /"code":"bad-question"/, line);
  }
  assert.equal(listed, 0);
  assert.equal(await raw(path, Buffer.alloc(MAX_QUESTION + 1, 0x20)), "");
  assert.deepEqual(await ask(path, "keys", {}), keys);
});

test("more connections than allowed are not served, and those before them are", async (t) => {
  const path = join(folderOf(t), "admin.sock");
  await using _admin = await startAdmin(path, handlers(), { log: silentLog });
  const sockets = await Promise.all(
    Array.from(
      { length: MAX_CONNECTIONS },
      () =>
        new Promise<ReturnType<typeof connect>>((resolve) => {
          const socket = connect(path, () => resolve(socket));
        }),
    ),
  );
  await assert.rejects(ask(path, "keys", {}), { name: "AdminError", code: "broken" });
  for (const socket of sockets) socket.destroy();
});

test("a second server on the same folder is refused; what a dead one left is removed; another file stays", async (t) => {
  const folder = folderOf(t);
  const path = join(folder, "admin.sock");
  {
    await using _admin = await startAdmin(path, handlers(), { log: silentLog });
    await assert.rejects(startAdmin(path, handlers(), { log: silentLog }), { code: "already-running" });
    assert.deepEqual(await ask(path, "keys", {}), keys);
  }
  await assert.rejects(ask(path, "keys", {}), { code: "not-running" });
  // A socket that nobody listens on any more, as kill -9 leaves one.
  const dead = createServer().listen(join(folder, "other.sock"));
  await new Promise((resolve) => dead.once("listening", resolve));
  renameSync(join(folder, "other.sock"), path);
  await new Promise((resolve) => dead.close(resolve));
  assert.ok(existsSync(path));
  {
    await using _admin = await startAdmin(path, handlers(), { log: silentLog });
    assert.deepEqual(await ask(path, "keys", {}), keys);
  }
  const file = join(folder, "precious");
  writeFileSync(file, "text");
  await assert.rejects(startAdmin(file, handlers(), { log: silentLog }), { code: "path" });
  assert.ok(existsSync(file));
});
