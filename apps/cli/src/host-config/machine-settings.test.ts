import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostRefusal } from "@pulpit/host-control";
import { profileOf } from "../../test/house.ts";
import { KeptSettings } from "./kept-settings.ts";

test("the server is named by its port or by its web address, which is shown as it will be used", (t) => {
  const settings = new KeptSettings(profileOf(t));
  for (const [typed, shown = typed] of [
    ["id.example.org"],
    ["id.example.org:4000"],
    ["wss://id.example.org/", "wss://id.example.org"],
    ["wss://[2001:db8::1]:8443"],
    ["ws://127.0.0.1:21114"],
  ] as const) {
    settings.set("server", typed);
    assert.equal(settings.text("server"), shown);
  }
});

test("a web address without TLS on another computer is refused, and so is what can't be called", (t) => {
  const settings = new KeptSettings(profileOf(t));
  for (const typed of [
    "ws://id.example.org",
    "https://id.example.org",
    "wss://id.example.org/ws/id",
    "wss://1.2.3.999",
  ]) {
    assert.throws(
      () => settings.set("server", typed),
      ({ code, detail }: HostRefusal) =>
        code === "bad-value" && /ws:\/\/ for this computer's own alone/.test(detail ?? ""),
      typed,
    );
  }
  // A relay has a port of its own, or none that is named.
  assert.throws(() => settings.set("relay", "wss://id.example.org"));
});
