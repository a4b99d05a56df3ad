import assert from "node:assert/strict";
import { test } from "node:test";
import { houseOf } from "../../test/house.ts";
import { hostOptions, hostWorld } from "./host-parts.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");

test("a web address is where the host registers once it knows the key, and it has no way beside the relay there", (t) => {
  const house = houseOf(t);
  house.settings.set("server", "wss://id.example.org:8443");
  assert.equal(hostOptions(house), undefined, "nobody could tell whom viewers are to believe");
  house.settings.set("server-key", KEY);
  assert.deepEqual(hostOptions(house)?.idServer, { url: "wss://id.example.org:8443", host: "id.example.org" });
  assert.equal(hostWorld(house).ways, undefined);
  house.settings.set("server", "id.example.org");
  assert.notEqual(hostWorld(house).ways, undefined);
  house.settings.set("direct", "no");
  assert.equal(hostWorld(house).ways, undefined);
});
