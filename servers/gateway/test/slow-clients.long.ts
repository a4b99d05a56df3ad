import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { selfSigned } from "@pulpit/testkit/src/certificate.ts";
import { HOST, testGateway } from "./gateway.ts";

/** How each of many clients takes its time: what it sends at once, and again each second. */
const SLOW: readonly (readonly [string, string, string])[] = [
  ["silent", "", ""],
  ["header by header", "GET / HTTP/1.1\r\n", "X-More: 1\r\n"],
  ["byte by byte", "G", "E"],
  ["with a body", `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 1000\r\n\r\n`, "a"],
];

test("a TLS handshake that nobody goes on with ends", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-slow-"));
  try {
    const tls = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
    const { cert, key } = selfSigned();
    writeFileSync(tls.certFile, cert);
    writeFileSync(tls.keyFile, key);
    await using running = await testGateway({ tls });
    // The beginning of a ClientHello, and nothing at all.
    for (const first of ["\x16\x03\x01\x02\x00\x01", ""]) {
      const socket = connect(running.port, HOST, () => socket.write(first, "latin1"));
      socket.on("error", () => undefined);
      socket.resume();
      await new Promise((resolve) => socket.once("close", resolve));
    }
    // This side may hear of the end before the other one has counted it.
    while (running.gateway.figures().connections > 0) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("clients that take their time are sent away, while others are served", { timeout: 120_000 }, async () => {
  await using running = await testGateway();
  const { port } = running;
  const ends = SLOW.flatMap(([, first, more]) =>
    Array.from({ length: 50 }, async () => {
      const socket = connect(port, HOST, () => socket.write(first));
      socket.on("error", () => undefined);
      socket.resume();
      const drip = setInterval(() => socket.write(more), 1_000);
      await new Promise((resolve) => socket.once("close", resolve));
      clearInterval(drip);
    }),
  );
  assert.equal((await fetch(`http://${HOST}:${port}/health`)).status, 200);
  await Promise.all(ends);
  assert.equal((await fetch(`http://${HOST}:${port}/health`)).status, 200);
});
