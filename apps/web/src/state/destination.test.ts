import assert from "node:assert/strict";
import { test } from "node:test";
import { destinationOf, destinationText, pathTo } from "./destination.ts";
import { prefillFrom, prefillWith } from "./prefill.ts";

const KEY = `${"A".repeat(43)}=`;
const OTHER = `${"B".repeat(42)}A=`;
const config = { serverKey: KEY, idServer: "wss://desk.example/ws/id" };

const problem = (text: string): string => {
  const to = destinationOf(text, config);
  return to.type === "problem" ? `${to.problem} ${to.place}`.trim() : to.type;
};

test("an ID as people write it leads to a host of this server, on purpose through the relay or not", () => {
  for (const [text, hostId, relay] of [
    [" 123 456 789 ", "123456789", false],
    ["123-456-789", "123456789", false],
    ["123456789/r", "123456789", true],
    ["office-pc", "office-pc", false],
    ["123456789@desk.example", "123456789", false],
    [`123456789@elsewhere.example?key=${KEY}`, "123456789", false],
  ] as const) {
    assert.deepEqual(destinationOf(text, config), {
      ...{ type: "host", hostId, relay, fromLink: false, hadPassword: false },
    });
  }
  assert.equal(pathTo({ hostId: "123456789", relay: true }), "/connect/123456789/r");
  assert.equal(destinationText({ hostId: "123456789", relay: true }), "123456789/r");
});

test("another server, and an address without one, are told apart from what makes no sense", () => {
  assert.equal(problem("123456789@other.example:21116"), "other-server other.example");
  assert.equal(problem(`123456789@desk.example?key=${OTHER}`), "other-server desk.example");
  assert.equal(problem("192.168.1.5"), "direct-address 192.168.1.5");
  assert.equal(problem("desk.example:21118"), "direct-address desk.example");
  assert.equal(problem("123456789@public"), "public-server");
  assert.equal(problem(""), "empty");
  assert.equal(problem("12345"), "bad-id");
  assert.equal(problem("оffice-pc"), "not-ascii");
  assert.equal(problem("https://desk.example/connect/123456789"), "unknown-link");
});

test("a link only fills in the field, and its password goes nowhere", () => {
  for (const query of [
    "?id=123456789&password=secret",
    `?id=${encodeURIComponent("rustdesk://connection/new/123456789?password=secret")}`,
    `?id=${encodeURIComponent("pulpit:123456789?password=secret")}`,
    `?id=${encodeURIComponent("123456789?password=secret")}`,
  ]) {
    assert.deepEqual(prefillFrom(query, config), { text: "123456789", fromLink: true, hadPassword: true }, query);
  }
  assert.deepEqual(prefillFrom("?id=123456789", config), { text: "123456789", fromLink: true, hadPassword: false });
  assert.deepEqual(prefillFrom("", config), { text: "", fromLink: false, hadPassword: false });
  assert.equal(prefillFrom(`?id=${"9".repeat(5000)}`, config).text.length, 1024);
});

test("a pasted link becomes the ID it holds; what is not understood stays, but for its password", () => {
  assert.deepEqual(prefillWith("rustdesk://123456789/r", config), {
    ...{ text: "123456789/r", fromLink: true, hadPassword: false },
  });
  assert.deepEqual(prefillWith("pulpit:123456789@other.example?key=1&password=secret", config), {
    ...{ text: "pulpit:123456789@other.example", fromLink: false, hadPassword: true },
  });
  assert.equal(prefillWith("nonsense!", config).text, "nonsense!");
  assert.equal(prefillWith("https://x.example/?PASSWORD=secret", config).text, "https://x.example/");
});
