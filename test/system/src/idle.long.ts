import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, ended, lookAt } from "./node-viewer.ts";
import { startDesktop, startHost, startServers } from "./world.ts";

test("an idle desktop sends no picture for a minute", async () => {
  await using servers = await startServers();
  await using shared = await startDesktop({ width: 1280, height: 800, bare: true });
  await using host = await startHost(servers, shared.desktop);
  const viewer = lookAt(servers, host.id, { password: host.password() });
  await viewer.until(connected);
  // The picture, and its refinements.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  let shown = 0;
  const stop = viewer.session.subscribe(() => {
    shown += viewer.session.state.connection?.framesPerSecond ?? 0;
  });
  const before = viewer.pictures.length;
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  stop();
  assert.equal(viewer.pictures.length, before);
  assert.equal(shown, 0);
  viewer.session.close();
  await viewer.until(ended);
});
