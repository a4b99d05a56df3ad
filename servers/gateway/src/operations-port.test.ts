import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "@pulpit/link-node";
import { startOperationsPort } from "./operations-port.ts";
import type { Readiness } from "./readiness.ts";

const at = { port: 0, host: "127.0.0.1", token: undefined };

test("figures, life and readiness are told, the reason too", async () => {
  let state: Readiness = { type: "ready" };
  await using port = await startOperationsPort(at, {
    log: silentLog,
    metrics: () => "pulpit_up 1\n",
    ready: () => state,
  });
  const get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${port.port}${path}`, init);
  const metrics = await get("/metrics");
  assert.equal(await metrics.text(), "pulpit_up 1\n");
  assert.match(metrics.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  assert.equal((await get("/health")).status, 200);
  assert.equal((await get("/none")).status, 404);
  assert.equal((await get("/metrics", { method: "POST" })).status, 405);
  state = { type: "not-ready", why: "draining" };
  await using later = await startOperationsPort(at, { log: silentLog, metrics: () => "", ready: () => state });
  const answer = await fetch(`http://127.0.0.1:${later.port}/ready`);
  assert.equal(answer.status, 503);
  assert.equal(await answer.text(), "draining\n");
});

test("with a token, only who shows it gets the figures", async () => {
  const world = { log: silentLog, metrics: () => "pulpit_up 1\n", ready: (): Readiness => ({ type: "ready" }) };
  await using port = await startOperationsPort({ ...at, token: "secret" }, world);
  const url = `http://127.0.0.1:${port.port}/metrics`;
  const status = async (headers: Record<string, string>): Promise<number> => (await fetch(url, { headers })).status;
  assert.equal(await status({}), 401);
  assert.equal(await status({ Authorization: "Bearer wrong" }), 401);
  assert.equal(await status({ Authorization: "secret" }), 401);
  assert.equal(await status({ Authorization: "Bearer secret" }), 200);
});

test("figures that can't be had are an error and not the end", async () => {
  const world = {
    log: silentLog,
    metrics: (): string => {
      throw new Error("no database");
    },
    ready: (): Readiness => ({ type: "ready" }),
  };
  await using port = await startOperationsPort(at, world);
  const answer = await fetch(`http://127.0.0.1:${port.port}/metrics`);
  assert.equal(answer.status, 500);
  assert.equal(await answer.text(), "");
  assert.equal((await fetch(`http://127.0.0.1:${port.port}/health`)).status, 200);
});
