import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { selfSigned } from "@pulpit/testkit/src/certificate.ts";
import { HOST, type TestGateway, testGateway, upgrade } from "../test/gateway.ts";
import type { GatewayConfig } from "./config.ts";

let folder: string;
let settings: Pick<GatewayConfig, "tls">;
let files: { certFile: string; keyFile: string };
const first = selfSigned();

function put(pair: { readonly cert: string; readonly key: string }): void {
  writeFileSync(files.certFile, pair.cert);
  writeFileSync(files.keyFile, pair.key);
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), "pulpit-tls-"));
  files = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  settings = { tls: files };
});
after(() => rmSync(folder, { recursive: true }));

interface Got {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

function fetched(port: number, ca: string, path: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    get({ host: HOST, port, path, ca, servername: "localhost", agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, headers: response.headers });
    }).on("error", reject);
  });
}

async function secured(port: number, ca: string, options: object = {}): Promise<TLSSocket> {
  const socket = connect({ host: HOST, port, ca, servername: "localhost", ...options });
  await once(socket, "secureConnect");
  return socket;
}

test("pages and sockets come over TLS, version 1.2 or later, and browsers are asked to insist on it", async () => {
  put(first);
  await using running = await testGateway(settings);
  const page = await fetched(running.port, first.cert, "/");
  assert.equal(page.status, 200);
  assert.equal(page.headers["strict-transport-security"], "max-age=2592000");
  for (const [maxVersion, protocol] of [
    ["TLSv1.2", "TLSv1.2"],
    ["TLSv1.3", "TLSv1.3"],
  ] as const) {
    const socket = await secured(running.port, first.cert, { maxVersion, ALPNProtocols: ["h2", "http/1.1"] });
    assert.equal(socket.getProtocol(), protocol);
    assert.equal(socket.alpnProtocol, "http/1.1");
    socket.write(upgrade("/ws/relay", `Origin: https://${HOST}\r\n`));
    const [answer] = await once(socket, "data");
    assert.match(String(answer), /^HTTP\/1\.1 101 /);
    socket.destroy();
  }
  const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
  await assert.rejects(secured(running.port, first.cert, old), { code: /PROTOCOL_VERSION|PROTOCOL/ });
  await using quiet = await testGateway({ ...settings, hstsSeconds: 0 });
  assert.equal((await fetched(quiet.port, first.cert, "/")).headers["strict-transport-security"], undefined);
});

test("plain HTTP on the TLS port harms nobody", async () => {
  put(first);
  await using running = await testGateway(settings);
  await assert.rejects(fetch(`http://${HOST}:${running.port}/`));
  assert.equal((await fetched(running.port, first.cert, "/health")).status, 200);
});

test("a new pair is used for new connections, and open ones stay", async () => {
  put(first);
  await using running = await testGateway(settings);
  const open = await secured(running.port, first.cert);
  assert.deepEqual(await running.gateway.reloadTls(), { type: "unchanged" });
  const second = selfSigned();
  put(second);
  assert.equal((await running.gateway.reloadTls()).type, "renewed");
  assert.equal((await fetched(running.port, second.cert, "/")).status, 200);
  await assert.rejects(fetched(running.port, first.cert, "/"));
  open.write(`GET /health HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
  const [answer] = await once(open, "data");
  assert.match(String(answer), /^HTTP\/1\.1 200 /);
  open.destroy();
});

test("without a word from anybody a changed pair is found", { timeout: 30_000 }, async (t) => {
  put(first);
  t.mock.timers.enable({ apis: ["setInterval"] });
  await using running = await testGateway(settings);
  const second = selfSigned();
  put(second);
  while (!running.lines.some((line) => line.includes("renewed"))) {
    t.mock.timers.tick(5_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await fetched(running.port, second.cert, "/")).status, 200);
});

test("a pair that is no good leaves the old one in use, and is worth one line for each change", async () => {
  put(first);
  await using running = await testGateway(settings);
  const kept = async (why: RegExp): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      const outcome = await running.gateway.reloadTls();
      assert.match(outcome.type === "kept" ? outcome.why : "", why);
    }
  };
  writeFileSync(files.certFile, selfSigned().cert);
  await kept(/key\.pem is not that of .*cert\.pem/);
  writeFileSync(files.certFile, "rubbish");
  await kept(/cert\.pem holds no certificate/);
  rmSync(files.certFile);
  await kept(/cert\.pem is missing/);
  assert.equal(warnings(running).length, 3);
  assert.equal((await fetched(running.port, first.cert, "/")).status, 200);
  put(first);
  assert.deepEqual(await running.gateway.reloadTls(), { type: "unchanged" });
  const second = selfSigned();
  put(second);
  assert.equal((await running.gateway.reloadTls()).type, "renewed");
  assert.equal(warnings(running).length, 3);
});

test("an expired certificate is a warning and no reason not to start", async () => {
  const expired = selfSigned({ from: new Date("2020-01-01"), to: new Date("2020-02-01") });
  put(expired);
  await using running = await testGateway(settings);
  assert.equal(warnings(running).filter((line) => line.includes("expired")).length, 1);
  assert.equal(running.gateway.figures().tlsExpires, Date.UTC(2020, 1, 1) / 1000);
});

function warnings({ lines }: TestGateway): readonly string[] {
  return lines.filter((line) => line.startsWith("TLS certificate stays") || line.startsWith("TLS certificate is not"));
}
