import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { framed, LinkError } from "@pulpit/link";
import { linkCompliance } from "@pulpit/testkit/src/link-compliance.ts";
import { dialKcp, openKcpSocket } from "./index.ts";

const HOST = "127.0.0.1";
const LIMIT = 16 * 1024 * 1024;
const random = { bytes: (length: number): Uint8Array => randomBytes(length) };
const signal = AbortSignal.timeout(120_000);

linkCompliance("KCP over loopback", async () => {
  const [a, b] = await Promise.all([openKcpSocket({ host: HOST, port: 0 }), openKcpSocket({ host: HOST, port: 0 })]);
  const at = (port: number): { host: string; port: number } => ({ host: HOST, port });
  const [viewer, host] = await Promise.all([
    dialKcp(a, { role: "caller", peer: at(b.localPort), random, signal }),
    dialKcp(b, { role: "called", peer: at(a.localPort), random, signal }),
  ]);
  return {
    a: framed(viewer, LIMIT),
    b: framed(host, LIMIT),
    [Symbol.asyncDispose]: async () => void (await Promise.all([viewer.close(), host.close()])),
  };
});

test("two peers meet over IPv6 as well", { timeout: 20_000 }, async () => {
  const open = (): ReturnType<typeof openKcpSocket> => openKcpSocket({ host: "::1", port: 0, ipv6: true });
  const [a, b] = await Promise.all([open(), open()]);
  const at = (port: number): { host: string; port: number } => ({ host: "::1", port });
  const [viewer, host] = await Promise.all([
    dialKcp(a, { role: "caller", peer: at(b.localPort), random, signal }),
    dialKcp(b, { role: "called", peer: at(a.localPort), random, signal }),
  ]);
  await host.write(Uint8Array.of(42));
  assert.deepEqual(await viewer.read(), Buffer.of(42));
  await Promise.all([viewer.close(), host.close()]);
});

test("a change of mind while punching is a LinkError, and the socket is closed", { timeout: 20_000 }, async () => {
  const socket = await openKcpSocket({ host: HOST, port: 0 });
  const change = new AbortController();
  const dialling = dialKcp(socket, {
    role: "called",
    peer: { host: HOST, port: 9 },
    random,
    signal: change.signal,
  });
  change.abort();
  await assert.rejects(dialling, (error) => error instanceof LinkError && error.code === "aborted");
  assert.equal(await socket.receive(), undefined);
});
