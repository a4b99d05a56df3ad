import assert from "node:assert/strict";
import { test } from "node:test";
import { raw, requestFor, runningPage, statusOf } from "../test/running-page.ts";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

test("the page comes with a policy that leaves nothing to others, and is not kept", async (t) => {
  const { page } = await runningPage(t);
  for (const path of ["", "index.html", "?token=x"]) {
    const answer = await fetch(page.url + path);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /the page/);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
  const refused = await fetch(`${page.url}nothing`);
  assert.equal(refused.status, 404);
  for (const { headers } of [await fetch(page.url), await fetch(`${page.url}assets/main.js`), refused]) {
    assert.equal(headers.get("content-security-policy"), POLICY);
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    assert.equal(headers.get("set-cookie"), null);
  }
});

test("a page that needs more says so, and everything else stays forbidden", async (t) => {
  const policy = { "img-src": "'self' blob:", "worker-src": "'self' blob:" };
  const { page } = await runningPage(t, { policy });
  assert.equal(
    (await fetch(page.url)).headers.get("content-security-policy"),
    `${POLICY.replace("img-src 'self' data:", "img-src 'self' blob:")}; worker-src 'self' blob:`,
  );
});

test("a page that finds its way by paths gets them, and a file that is gone is gone", async (t) => {
  const { page } = await runningPage(t, { fallback: true });
  for (const path of ["connect", "connect/123456789?view=1", "a.b/c", "assets/"]) {
    const answer = await fetch(page.url + path);
    assert.equal(answer.status, 200, path);
    assert.match(await answer.text(), /the page/, path);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
  assert.equal(await (await fetch(`${page.url}assets/main.js`)).text(), "export {};");
  const host = [`Host: 127.0.0.1:${page.port}`];
  for (const path of ["/assets/gone.js", "/link.txt", "/../secret.txt", "http://127.0.0.1/connect", "*"]) {
    assert.equal(statusOf(await raw(page.port, requestFor(path, host))), 404, path);
  }
});

test("a file is only sent again when it is another one", async (t) => {
  const { page } = await runningPage(t);
  const first = await fetch(`${page.url}assets/main.js`);
  assert.equal(first.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.equal(await first.text(), "export {};");
  const host = `Host: 127.0.0.1:${page.port}`;
  const known = [host, `If-None-Match: ${first.headers.get("etag")}`];
  assert.equal(statusOf(await raw(page.port, requestFor("/assets/main.js", known))), 304);
  const head = await raw(page.port, requestFor("/assets/main.js", [host], "HEAD"));
  assert.match(head, /Content-Length: 10\r\n/);
  assert.ok(head.endsWith("\r\n\r\n"));
});

test("no spelling of a path leads out of the folder", async (t) => {
  const { page } = await runningPage(t);
  for (const path of [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..\\..\\secret.txt",
    "//secret.txt",
    "/link.txt",
    "/assets",
    "/assets/",
    "/__proto__",
    "/assets/main.js%00.html",
    "http://127.0.0.1/index.html",
    "*",
  ]) {
    const answer = await raw(page.port, requestFor(path, [`Host: 127.0.0.1:${page.port}`]));
    assert.equal(statusOf(answer), 404, path);
    assert.doesNotMatch(answer, /secret\b.*$/s, path);
  }
});

test("files are only read", async (t) => {
  const { page } = await runningPage(t);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const answer = await fetch(page.url, { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get("allow"), "GET, HEAD");
  }
});
