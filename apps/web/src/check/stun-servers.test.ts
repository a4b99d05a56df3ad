import assert from "node:assert/strict";
import { test } from "node:test";
import { parseServerConfig } from "../state/server-config.ts";
import { reachOf } from "./address-reach.ts";
import { stunServersOf } from "./stun-servers.ts";

/** Whom a page asks that was told this. */
function asked(
  told: { readonly iceServers?: unknown; readonly natTest?: unknown },
  page = "https://desk.example/",
): unknown {
  const config = parseServerConfig(
    { serverKey: `${"A".repeat(43)}=`, idPath: "/ws/id", relayPath: "/ws/relay", ...told },
    page,
  );
  assert.ok(config);
  const { own, other } = stunServersOf(config);
  return [own, other].map((server) => server && `${server.host} ${server.port}`);
}

test("the network is checked with the first STUN server and with another port of the page's own server", () => {
  const natTest = "stun:desk.example:21115";
  assert.deepEqual(asked({ iceServers: "stun:desk.example:21116,stun:b.example", natTest }), [
    "desk.example 21116",
    "desk.example 21115",
  ]);
  assert.deepEqual(asked({ iceServers: "turn://u:p@desk.example:3478", natTest }), ["desk.example 21115", undefined]);
  assert.deepEqual(asked({ iceServers: natTest, natTest }), ["desk.example 21115", undefined]);
  const six = asked({ iceServers: "", natTest: "stun:[2001:db8::1]:21115" }, "https://[2001:DB8::1]/");
  assert.deepEqual(six, ["2001:db8::1 21115", undefined]);
});

test("only STUN under the page's own name is taken for the second port", () => {
  for (const natTest of [
    undefined,
    "",
    5,
    ["stun:desk.example:21115"],
    "stun:evil.example:21115",
    "stuns:desk.example:21115",
    "turn://u:p@desk.example:21115",
    "stun:desk.example.evil.example:1",
    "https://desk.example",
    "x".repeat(10_000),
  ]) {
    assert.deepEqual(asked({ natTest }), [undefined, undefined], String(natTest));
  }
});

test("addresses that only some network knows are told from those that all of the internet knows", () => {
  for (const address of ["203.0.113.7", "172.32.0.1", "100.128.0.1", "2001:db8::1"]) {
    assert.equal(reachOf(address)?.isPublic, true, address);
  }
  const near = ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "127.0.0.1", "169.254.1.1", "100.64.0.1"];
  for (const address of [...near, "::1", "fd00::2", "fe80::1"])
    assert.equal(reachOf(address)?.isPublic, false, address);
  for (const address of ["", "desk.example", "1.2.3", "fe80::1%eth0"])
    assert.equal(reachOf(address), undefined, address);
});
