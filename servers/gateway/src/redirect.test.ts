import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { selfSigned } from "@pulpit/testkit/src/certificate.ts";
import { HOST, raw, type TestGateway, testGateway, upgrade } from "../test/gateway.ts";

let folder: string;
let running: TestGateway;
let port: number;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulpit-redirect-"));
  const tls = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  const { cert, key } = selfSigned();
  writeFileSync(tls.certFile, cert);
  writeFileSync(tls.keyFile, key);
  const challenges = join(folder, "acme", ".well-known", "acme-challenge");
  mkdirSync(challenges, { recursive: true });
  writeFileSync(join(challenges, "to-ken_1"), "to-ken_1.thumbprint");
  mkdirSync(join(challenges, "folder"));
  symlinkSync("/nowhere", join(challenges, "broken"));
  running = await testGateway({ tls, redirectPort: 0, acmeFolder: join(folder, "acme") });
  port = running.gateway.redirectPort ?? 0;
});
after(async () => {
  await running[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const asked = (path: string, host: string): Promise<string> =>
  raw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
const location = (answer: string): string | undefined => /\r\nLocation: (.*)\r\n/.exec(answer)?.[1];

test("whatever is asked there is sent on to TLS under the same name", async () => {
  const tls = running.port;
  for (const [path, host, wanted] of [
    ["/", "desk.example.com", `https://desk.example.com:${tls}/`],
    ["/connect/1?a=b", "desk.example.com:80", `https://desk.example.com:${tls}/connect/1?a=b`],
    ["//evil.example/", "[::1]:80", `https://[::1]:${tls}//evil.example/`],
  ] as const) {
    const answer = await asked(path, host);
    assert.match(answer, /^HTTP\/1\.1 308 /);
    assert.equal(location(answer), wanted);
  }
  const posted = await raw(port, `POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n`);
  assert.equal(location(posted), `https://a:${tls}/a`);
  assert.equal(location(await raw(port, upgrade("/ws/id"))), `https://${HOST}:${tls}/ws/id`);
});

test("the port is the one browsers know, and 443 goes without saying", async () => {
  const tls = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  await using mapped = await testGateway({ tls, redirectPort: 0, publicPort: 443 });
  const answer = await raw(mapped.gateway.redirectPort ?? 0, "GET /a HTTP/1.1\r\nHost: desk.example.com\r\n\r\n");
  assert.equal(location(answer), "https://desk.example.com/a");
});

test("a name that is none leads nowhere", async () => {
  for (const host of ["evil.example/path", "a@evil.example", "a b", "", "[::1", "a:port"])
    assert.match(await asked("/", host), /^HTTP\/1\.1 400 /, host);
  assert.match(await asked("http://evil.example/", "a"), /^HTTP\/1\.1 400 /);
});

test("an ACME server finds its answer, and nothing else is read from there", async () => {
  const found = await asked("/.well-known/acme-challenge/to-ken_1", "a");
  assert.match(found, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nto-ken_1\.thumbprint$/);
  for (const token of ["none", "folder", "broken"])
    assert.match(await asked(`/.well-known/acme-challenge/${token}`, "a"), /^HTTP\/1\.1 404 /, token);
  for (const path of ["/.well-known/acme-challenge/../../../key.pem", "/.well-known/acme-challenge/..%2fkey.pem"]) {
    const answer = await asked(path, "a");
    assert.match(answer, /^HTTP\/1\.1 308 /);
    assert.doesNotMatch(answer, /PRIVATE KEY/);
  }
});
