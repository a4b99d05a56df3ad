import assert from "node:assert/strict";
import { test } from "node:test";
import { groupHostId, hostIdInText } from "./host-id.ts";
import { forgetPeer, readRecent, rememberPeer } from "./recent-peers.ts";
import { parseServerConfig, targetOf } from "./server-config.ts";
import { browserPlatform, readRelayOnly, saveRelayOnly, viewerIdentity } from "./settings.ts";

const KEY = `${"A".repeat(43)}=`;
const PAGE = "https://desk.example/some/page";

/** A browser's storage, in memory. */
function storage(content: Record<string, string> = {}): Storage {
  const items = new Map(Object.entries(content));
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

test("the server's answer names paths on the page's own server, never another one", () => {
  const good = { serverKey: KEY, idPath: "/ws/id", relayPath: "/ws/relay" };
  const config = parseServerConfig(good, PAGE);
  assert.deepEqual(config, {
    serverKey: KEY,
    idServer: "wss://desk.example/ws/id",
    relay: "wss://desk.example/ws/relay",
    iceServers: [],
  });
  assert.equal(parseServerConfig(good, "http://localhost:1")?.idServer, "ws://localhost:1/ws/id");
  assert.ok(config && targetOf(config, "123456789", false).relayAddress("evil.example:1") === config.relay);
  for (const path of ["//evil.example/ws", "https://evil.example", "/a?b", "/\\evil", "", 7, undefined]) {
    assert.equal(parseServerConfig({ ...good, idPath: path }, PAGE), undefined, String(path));
  }
  for (const serverKey of ["short", 5, undefined])
    assert.equal(parseServerConfig({ ...good, serverKey }, PAGE), undefined);
  for (const answer of [null, 3, "text", []]) assert.equal(parseServerConfig(answer, PAGE), undefined);
});

test("servers that help to find a way come from the page's own server, and only if they make sense", () => {
  const found = (iceServers: unknown): unknown =>
    parseServerConfig({ serverKey: KEY, idPath: "/ws/id", relayPath: "/ws/relay", iceServers }, PAGE)?.iceServers;
  assert.deepEqual(found("stun:desk.example:3478,javascript:1"), [
    { scheme: "stun", host: "desk.example", port: 3478, user: "", password: "" },
  ]);
  for (const rubbish of [undefined, 5, ["stun:desk.example"], "x".repeat(10_000)]) assert.deepEqual(found(rubbish), []);
});

test("only through the relay is a setting, off until somebody wants it", () => {
  const place = storage();
  assert.equal(readRelayOnly(place), false);
  saveRelayOnly(place, true);
  assert.equal(readRelayOnly(place), true);
  saveRelayOnly(place, false);
  assert.equal(readRelayOnly(place), false);
});

test("an ID is shown in groups", () => {
  assert.equal(groupHostId("1234567890"), "1 234 567 890");
  assert.equal(groupHostId("office-pc"), "office-pc");
  assert.equal(hostIdInText("1234567890"), "1\u00a0234\u00a0567\u00a0890");
});

test("recent computers are kept latest first, each once, and whatever makes no sense is left out", () => {
  const place = storage();
  const peer = (id: string) => ({ id, hostname: "h", username: "u", platform: "Linux", at: 1 });
  for (let i = 0; i < 30; i++) rememberPeer(place, peer(`10000${i}`));
  rememberPeer(place, peer("100005"));
  const list = readRecent(place);
  assert.equal(list.length, 20);
  assert.equal(list[0]?.id, "100005");
  assert.equal(list.filter(({ id }) => id === "100005").length, 1);
  assert.ok(!forgetPeer(place, "100005").some(({ id }) => id === "100005"));
  for (const rubbish of ["{", "null", '{"id":1}', '[null,1,{"id":""},{"id":5}]']) {
    assert.deepEqual(readRecent(storage({ "pulpit.recent": rubbish })), []);
  }
  assert.equal(
    readRecent(storage({ "pulpit.recent": `[{"id":"1","hostname":"${"x".repeat(999)}"}]` }))[0]?.hostname.length,
    128,
  );
});

test("a browser has one ID of its own, and says what it runs on", () => {
  const place = storage();
  const { id, name } = viewerIdentity(place, "Linux");
  assert.match(id, /^web-\d{9}$/);
  assert.equal(viewerIdentity(place, "Linux").id, id);
  assert.equal(name, "Web");
  assert.equal(browserPlatform("Mozilla/5.0 (Linux; Android 15)"), "Android");
  assert.equal(browserPlatform("Mozilla/5.0 (X11; Linux x86_64)"), "Linux");
});
