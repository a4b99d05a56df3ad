import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Hono } from "hono";
import { pages } from "./pages.ts";
import type { Readiness } from "./readiness.ts";

const ready = async (): Promise<Readiness> => ({ type: "ready" });
const settings = {
  serverKey: "the key",
  tls: undefined,
  hstsSeconds: 1_000,
  stunPort: 21_116,
  natTestPort: 21_115 as number | undefined,
  iceServers: "",
};
let folder: string;
let app: Hono;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "pulpit-pages-"));
  const webRoot = join(folder, "web");
  mkdirSync(join(webRoot, "assets"), { recursive: true });
  writeFileSync(join(webRoot, "index.html"), "<!doctype html>client");
  writeFileSync(join(webRoot, "assets", "a.js"), "export {};");
  writeFileSync(join(folder, "secret"), "nobody may read this");
  app = pages({ webRoot, ...settings }, ready);
});
after(() => rmSync(folder, { recursive: true }));

test("HEAD says what GET would say, without the content", async () => {
  for (const path of ["/", "/assets/a.js", "/config.json", "/health", "/connect/1"]) {
    const head = await app.request(path, { method: "HEAD" });
    const get = await app.request(path);
    assert.equal(head.status, 200, path);
    assert.equal(await head.text(), "", path);
    for (const name of ["content-type", "cache-control", "content-security-policy"]) {
      assert.equal(head.headers.get(name), get.headers.get(name), `${path} ${name}`);
    }
  }
});

test("nothing but reading is served", async () => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    for (const path of ["/", "/config.json", "/index.html", "/nowhere", "/api/login"]) {
      const answer = await app.request(path, { method, body: "{}" });
      assert.equal(answer.status, path.startsWith("/api/") ? 404 : 405, `${method} ${path}`);
      assert.doesNotMatch(await answer.text(), /doctype|the key/);
    }
  }
});

test("every answer carries the policy, errors too", async () => {
  for (const path of ["/", "/api/none", "/assets/none.js", "/config.json", "/..%2fsecret"]) {
    const { headers } = await app.request(path);
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'self'.*frame-ancestors 'none'/, path);
    assert.equal(headers.get("x-frame-options"), "DENY", path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(headers.get("referrer-policy"), "no-referrer", path);
    assert.match(
      headers.get("permissions-policy") ?? "",
      /clipboard-read=\(self\).*fullscreen=\(self\).*camera=\(\)/,
      path,
    );
    // Only our own TLS may promise TLS.
    assert.equal(headers.get("strict-transport-security"), null, path);
  }
});

test("paths that try to leave the folder, or are none, give nothing from outside", async () => {
  const tries = [
    "/..%2fsecret",
    "/assets/..%2f..%2fsecret",
    "/%2e%2e%2fsecret",
    "/..%5csecret",
    "/%00",
    "/a%00.js",
    "/%",
  ];
  for (const path of tries) {
    const answer = await app.request(path);
    assert.ok(answer.status < 500, `${path}: ${answer.status}`);
    assert.doesNotMatch(await answer.text(), /nobody may read/, path);
  }
});

test("a file of an earlier build is not found: no page in its place is kept for ever", async () => {
  const answer = await app.request("/assets/gone.js");
  assert.equal(answer.status, 404);
  assert.doesNotMatch(answer.headers.get("cache-control") ?? "", /immutable/);
  assert.doesNotMatch(await answer.text(), /doctype/);
});

test("without a built client the server says how to build it", async () => {
  const bare = pages({ webRoot: join(folder, "none"), ...settings }, ready);
  const answer = await bare.request("/");
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /npm run build:web/);
  assert.equal((await bare.request("/health")).status, 200);
});

test("browsers are told this server's STUN by the name they know it by, and what the owner adds; nobody else's", async () => {
  const told = async (host: string, more: Partial<typeof settings> = {}): Promise<unknown> => {
    const site = pages({ ...settings, webRoot: join(folder, "web"), ...more }, ready);
    const answer = await site.request("/config.json", { headers: { host } });
    return ((await answer.json()) as { iceServers: string }).iceServers;
  };
  assert.equal(await told("rd.example.com"), "stun:rd.example.com:21116");
  assert.equal(await told("127.0.0.1:21114"), "stun:127.0.0.1:21116");
  assert.equal(await told("[2001:db8::1]:443"), "stun:[2001:db8::1]:21116");
  const turn = "turn://u:p@turn.example.com";
  assert.equal(await told("rd.example.com", { iceServers: turn }), `stun:rd.example.com:21116,${turn}`);
  for (const host of ["", "a,turn:evil", "a b", "a/b", `${"x".repeat(300)}`]) assert.equal(await told(host), "", host);
});

test("browsers are told the second STUN port by the same name; nothing where there is none", async () => {
  const told = async (host: string, more: Partial<typeof settings> = {}): Promise<readonly string[]> => {
    const site = pages({ ...settings, ...more, webRoot: join(folder, "web") }, ready);
    const answer = await site.request("/config.json", { headers: { host } });
    const { iceServers, natTest } = (await answer.json()) as { iceServers: string; natTest: string };
    return [natTest, iceServers];
  };
  assert.deepEqual(await told("rd.example.com:443"), ["stun:rd.example.com:21115", "stun:rd.example.com:21116"]);
  assert.deepEqual(await told("[2001:db8::1]"), ["stun:[2001:db8::1]:21115", "stun:[2001:db8::1]:21116"]);
  assert.deepEqual(await told("a,turn:evil"), ["", ""]);
  assert.deepEqual(await told("rd.example.com", { natTestPort: undefined }), ["", "stun:rd.example.com:21116"]);
});
