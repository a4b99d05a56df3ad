import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { knowsLoopbackOwners } from "@pulpit/net-linux";
import { CODES, raw, runningPage, TestTab, tokenOf } from "../test/running-page.ts";
import { MAX_STRANGERS } from "./config.ts";

/** A user of the same computer who is not us. */
const OTHER = 65_534;
const skip = process.geteuid?.() !== 0 || !knowsLoopbackOwners();

/** Runs a program as that user, which has `port`, `token` and `say`; gives what it said until that or its end. */
function asOtherUser(t: TestContext, program: string, port: number, token: string, until?: string): Promise<string> {
  const text = `const { connect } = require("node:net");
    const port = ${port}, token = ${JSON.stringify(token)}, say = (text) => process.stdout.write(text);
    ${program}`;
  const child = spawn(process.execPath, ["-"], { uid: OTHER, gid: OTHER, cwd: "/", env: {} });
  t.after(() => child.kill());
  child.stdin.end(text);
  return new Promise((resolve) => {
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        said += String(chunk);
        if (until !== undefined && said.includes(until)) resolve(said);
      });
    }
    child.once("close", () => resolve(said));
  });
}

/** Asks for the page and then, as a browser on it would, for the channel, with the token in its first message. */
const BROWSER = `
  const host = "127.0.0.1:" + port;
  function ask(lines, first, enough) {
    return new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1");
      let got = Buffer.alloc(0);
      socket.on("data", (chunk) => {
        got = Buffer.concat([got, chunk]);
        if (got.includes(enough)) socket.destroy();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(got.toString("latin1")));
      socket.write(lines.join("\\r\\n") + "\\r\\n\\r\\n");
      if (first !== undefined) socket.write(first);
    });
  }
  // A masked text frame whose mask is zero.
  const text = Buffer.from(JSON.stringify({ token }));
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
  (async () => {
    say(await ask(["GET / HTTP/1.1", "Host: " + host, "Connection: close"], undefined, "</title>"));
    say(await ask(["GET /channel HTTP/1.1", "Host: " + host, "Origin: http://" + host, "Connection: Upgrade",
      "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="],
      frame, "welcome"));
  })();`;

test("another user of this computer is turned away, even with a token that holds", { skip }, async (t) => {
  const { page, lines } = await runningPage(t);
  assert.equal(page.users, "own");
  const token = tokenOf(page.link());
  const said = await asOtherUser(t, BROWSER, page.port, token);
  assert.deepEqual(said.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 403", "HTTP/1.1 403"]);
  assert.match(said, /another user/);
  assert.doesNotMatch(said, /welcome|the page/);
  const told = lines.filter((line) => line.includes("turned away"));
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /uid 65534/);
  assert.ok(await new TestTab(page, { token }).key);
});

test("a link made for another user is theirs and not ours", { skip }, async (t) => {
  const { page } = await runningPage(t);
  const token = tokenOf(page.link(OTHER));
  assert.equal(await new TestTab(page, { token }).closed, CODES.notLetIn);
  const said = await asOtherUser(t, BROWSER, page.port, token);
  assert.match(said, /the page/);
  assert.match(said, /HTTP\/1\.1 101/);
  assert.match(said, /"welcome":/);
  const stolen = tokenOf(page.link());
  assert.doesNotMatch(
    await asOtherUser(t, BROWSER, page.port, stolen),
    /welcome/,
    "who has a key uses no token of ours",
  );
});

test("a link for another user that has run out leaves them outside", { skip }, async (t) => {
  const { page, advance } = await runningPage(t);
  const token = tokenOf(page.link(OTHER));
  advance(60_000);
  assert.doesNotMatch(await asOtherUser(t, BROWSER, page.port, token), /HTTP\/1\.1 (200|101)/);
});

test("where it was asked for, a link is all it takes", { skip }, async (t) => {
  const { page } = await runningPage(t, { users: "any" });
  assert.equal(page.users, "any");
  assert.match(await asOtherUser(t, BROWSER, page.port, tokenOf(page.link())), /"welcome":/);
});

test("others can't take the connections of the page's own user", { skip }, async (t) => {
  const { page } = await runningPage(t);
  const program = `
    let closed = 0;
    for (let n = 0; n < 200; n++) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.on("close", () => { closed += 1; if (closed === 200 - ${MAX_STRANGERS}) say("rest waits"); });
    }
    setTimeout(() => process.exit(), 60_000);`;
  assert.equal(await asOtherUser(t, program, page.port, "", "rest waits"), "rest waits");
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(page.url)));
  assert.ok(answers.every(({ status }) => status === 200));
});

test("a connection from another loopback address is nobody's, even with a port of ours", { skip }, async (t) => {
  const { page } = await runningPage(t);
  const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${page.port}\r\nConnection: close\r\n\r\n`;
  const ours = connect(page.port, "127.0.0.1");
  t.after(() => ours.destroy());
  await once(ours, "connect");
  assert.match(
    await raw(page.port, request, { localAddress: "127.0.0.2", localPort: ours.localPort as number }),
    /^HTTP\/1\.1 403 /,
  );
  assert.match(await raw(page.port, request), /^HTTP\/1\.1 200 /);
});
