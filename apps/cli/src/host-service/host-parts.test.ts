import assert from "node:assert/strict";
import { test } from "node:test";
import { houseOf } from "../../test/house.ts";
import { hostOptions, hostWorld } from "./host-parts.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");

test("a web address is where the host registers, with WebRTC where it may come directly, and none through a proxy", (t) => {
  const house = houseOf(t);
  house.settings.set("server", "wss://id.example.org:8443");
  assert.equal(hostOptions(house), undefined, "nobody could tell whom viewers are to believe");
  house.settings.set("server-key", KEY);
  assert.deepEqual(hostOptions(house)?.idServer, { url: "wss://id.example.org:8443", host: "id.example.org" });
  assert.ok(hostWorld(house).ways?.webrtc !== undefined);
  house.settings.set("direct", "no");
  assert.equal(hostWorld(house).ways, undefined);
  house.settings.set("direct", "yes");
  house.settings.set("proxy", "http://proxy.example.org:3128");
  assert.equal(hostWorld(house).ways, undefined);
});
