import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { knowsLoopbackOwners } from "@pulpit/net-linux";
import { pageIn, runningPanel, TestPage, tokenOf } from "../test/running-panel.ts";
import { MAX_CONNECTIONS } from "./config.ts";

test("the host's page is nothing but its own files and its own channel", async (t) => {
  const { panel } = await runningPanel(t);
  const answer = await fetch(panel.url);
  assert.match(await answer.text(), /the page/);
  assert.equal(
    answer.headers.get("content-security-policy"),
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  assert.equal((await fetch(`${panel.url}settings`)).status, 404);
});

test("a page of another origin gets no channel, whatever it knows", async (t) => {
  const { panel } = await runningPanel(t);
  const page = new TestPage(panel, { token: tokenOf(panel.link()) }, "https://evil.example");
  assert.equal(await page.closed, 1006);
  assert.deepEqual(page.messages, []);
});

test("other users are turned away where they can be told apart, and not where it was asked for", async (t) => {
  assert.equal((await runningPanel(t)).panel.users, knowsLoopbackOwners() ? "own" : "any");
  assert.equal((await runningPanel(t, { users: "any" })).panel.users, "any");
});

test("a browser that holds all connections but one leaves room for a page", async (t) => {
  const { panel } = await runningPanel(t);
  const open = (): Promise<ReturnType<typeof connect>> =>
    new Promise((resolve) => {
      const socket = connect({ port: panel.port, host: "127.0.0.1" }, () => resolve(socket));
      socket.on("error", () => undefined);
    });
  const sockets = await Promise.all(Array.from({ length: MAX_CONNECTIONS - 1 }, open));
  await pageIn(panel);
  for (const socket of sockets) socket.destroy();
});
