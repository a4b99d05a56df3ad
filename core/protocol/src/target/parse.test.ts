import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatTarget, formatTargetLink } from "./format.ts";
import { spacedId } from "./id.ts";
import { parseTarget } from "./parse.ts";
import type { Target } from "./target.ts";

const KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const server = { host: "rd.example.com", port: 21_116 };

function targetOf(text: string): Target {
  const parsed = parseTarget(text);
  if (parsed.type === "invalid") assert.fail(`${text}: ${parsed.problem}`);
  return parsed.target;
}

function problemOf(text: string): string {
  const parsed = parseTarget(text);
  return parsed.type === "invalid" ? parsed.problem : JSON.stringify(parsed);
}

test("an ID is understood however people group it, and names stay as they are", () => {
  const groups = [
    "123456789",
    " 123 456 789\n",
    "123-456-789",
    "123\u00a0456\u202f789",
    "123\u2011456\u2013789",
    "123  456 - 789",
  ];
  for (const text of groups) {
    assert.deepEqual(targetOf(text), { type: "id", id: "123456789", relay: false }, text);
  }
  for (const id of ["ada-laptop", "DESKTOP-4F2K1", "web_1x", "7up-office", "1234567890"]) {
    assert.deepEqual(targetOf(id), { type: "id", id, relay: false });
  }
});

test("the relay, a server and its key can be asked for", () => {
  const id = "123456789";
  assert.deepEqual(targetOf("123 456 789/r"), { type: "id", id, relay: true });
  assert.deepEqual(targetOf("123456789\\R"), { type: "id", id, relay: true });
  assert.deepEqual(targetOf(`${id}@RD.example.com`), { type: "id", id, server, relay: false });
  const ipv6 = { host: "2001:db8::1", port: 443 };
  assert.deepEqual(targetOf(`${id}/r@[2001:DB8:0::1]:443`), { type: "id", id, server: ipv6, relay: true });
  assert.deepEqual(targetOf(`${id}@2001:db8::1`), { type: "id", id, server: { ...ipv6, port: 21_116 }, relay: false });
  assert.deepEqual(targetOf(`${id}@rd.example.com:5000?key=${KEY}`), {
    type: "id",
    id,
    server: { host: "rd.example.com", port: 5000 },
    serverKey: KEY,
    relay: false,
  });
});

test("addresses are direct, in one canonical form, on port 21118 unless another is given", () => {
  const rows: readonly (readonly [text: string, host: string, port: number])[] = [
    ["192.168.1.5", "192.168.1.5", 21_118],
    ["192.168.1.5:5000", "192.168.1.5", 5000],
    ["::1", "::1", 21_118],
    ["[::1]", "::1", 21_118],
    ["[2001:DB8:0:0::01]:7", "2001:db8::1", 7],
    ["::ffff:10.0.0.1", "10.0.0.1", 21_118],
    ["fe80::1%eth0", "fe80::1%eth0", 21_118],
    ["Office.Example.COM", "office.example.com", 21_118],
    ["office:21118", "office", 21_118],
    ["localhost", "localhost", 21_118],
    ["xn--bcher-kva.example:1", "xn--bcher-kva.example", 1],
  ];
  for (const [text, host, port] of rows) assert.deepEqual(targetOf(text), { type: "address", host, port }, text);
});

test("links of both kinds fill in a target and say that they are links", () => {
  const id = "123456789";
  for (const link of [
    `rustdesk://connection/new/${id}`,
    `RUSTDESK://${id}`,
    `rustdesk://${id}/`,
    `pulpit:${id}`,
    `pulpit://${id}`,
    `pulpit:123%20456%20789`,
    `rustdesk://${id}?lang=pl`,
  ]) {
    const target = { type: "id", id, relay: false };
    assert.deepEqual(parseTarget(link), { type: "parsed", target, fromLink: true, hadPassword: false }, link);
  }
  const full = { type: "id", id, server, serverKey: KEY, relay: true };
  assert.deepEqual(targetOf(`rustdesk://connection/new/${id}/r@rd.example.com?key=${encodeURIComponent(KEY)}`), full);
  assert.deepEqual(targetOf(`rustdesk://${id}/r@rd.example.com?key=${KEY}`), full);
  assert.deepEqual(targetOf("pulpit:10.0.0.7:22"), { type: "address", host: "10.0.0.7", port: 22 });
});

test("a password in a link is dropped, and that is said", () => {
  const target = { type: "id", id: "123456789", relay: false };
  for (const text of [
    "rustdesk://123456789?password=hunter2",
    "pulpit:123456789?lang=pl&PassWord=",
    "123456789?password=x",
  ]) {
    const parsed = parseTarget(text);
    assert.deepEqual(parsed, { type: "parsed", target, fromLink: text.includes(":"), hadPassword: true });
  }
});

test("what can't be meant is refused with the reason", () => {
  const rows: Readonly<Record<string, readonly string[]>> = {
    empty: ["", "  \t ", "rustdesk://", "pulpit:", "rustdesk://connection/new/", "?key=x"],
    "too-long": ["1".repeat(1025)],
    "control-character": ["1234\u000056789", "123456\u001b[31m", "rustdesk://123456%0a789", "ada\u0085laptop"],
    "not-ascii": [
      "аdа-laptop",
      "１２３４５６７８９",
      "ada\u200blaptop",
      "123456789\u202e",
      "pulpit:%C4%85da-laptop",
      "exämple.com",
    ],
    "bad-id": [
      "12345",
      "-123456",
      "ada laptop",
      "1".repeat(64),
      "abc*def",
      "ada-laptop/x",
      "123456789//r",
      "@rd.example.com",
    ],
    "bad-address": [
      "1.2.3",
      "1.2.3.256",
      "127.1",
      "0x7f.0.0.1",
      "010.0.0.1",
      "2130706433:80",
      "a..b",
      ".a.b",
      "a.b.",
      "[1.2.3.4]:5",
      "[::1]x",
      "::g",
      "fe80::1%",
      "fe80::1%a/b",
      "-a.example",
    ],
    "bad-port": [
      "a.example:",
      "a.example:0",
      "a.example:65536",
      "a.example:080",
      "1.2.3.4: 80",
      "123456789@a.example:x",
    ],
    "bad-server": ["123456789@", "123456789@a b", "123456789@a.example/r", "123456789@1.2.3", "123456789@*"],
    "bad-key": [
      "123456789@a.example?key=",
      `123456789@a.example?key=${KEY}&key=${KEY}`,
      "123456789@a.example?key=abc",
      `123456789@a.example?key=${KEY.replace("/", "%2F")}`,
    ],
    "key-without-server": [`123456789?key=${KEY}`, `rustdesk://1.2.3.4?key=${KEY}`],
    "relay-without-server": ["1.2.3.4/r", "a.example:5/r"],
    "public-server": ["123456789@public", "123456789/r@Public"],
    userinfo: ["user:secret@a.example", "123456789@user@a.example", "rustdesk://123456789:secret@a.example"],
    "unknown-link": [
      "https://a.example/123456789",
      "rustdesk://config/abcdefgh",
      "rustdesk://config",
      "rustdesk://connection",
      "rustdesk://password/123456",
      "rustdesk://connection/old/123456789",
      "rustdesk://terminal/123456789",
      "rustdesk://123456789#x",
      "javascript://123456789",
      "rustdesk://123456789/r/r",
    ],
    "bad-encoding": ["rustdesk://123456789%", "rustdesk://%ff%fe12345", "pulpit:123456789?key=%zz"],
    "nested-encoding": ["rustdesk://123456%2537", "pulpit:123456789@a.example?key=%2541", "pulpit:[fe80::1%25eth0]"],
  };
  for (const [problem, texts] of Object.entries(rows)) {
    for (const text of texts) assert.equal(problemOf(text), problem, JSON.stringify(text));
  }
});

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const address = fc.record({
  host: fc.oneof(fc.ipV4(), fc.ipV6().map(canonical), name, label),
  port: fc.integer({ min: 1, max: 65_535 }),
});
const target: fc.Arbitrary<Target> = fc.oneof(
  address.map(({ host, port }) => ({ type: "address" as const, host, port })),
  fc
    .record({
      id: fc.oneof(fc.stringMatching(/^[1-9][0-9]{8,9}$/), fc.stringMatching(/^[a-z][a-z0-9_]{5,15}$/)),
      relay: fc.boolean(),
      at: fc.option(fc.record({ server: address, key: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 })) })),
    })
    .map(({ id, relay, at }) => ({
      type: "id" as const,
      id,
      relay,
      ...(at === null ? {} : { server: { ...at.server } }),
      ...(at?.key == null ? {} : { serverKey: Buffer.from(at.key).toString("base64") }),
    })),
);

/** As the parser would write it, which is tested above. */
function canonical(host: string): string {
  const parsed = parseTarget(`[${host}]`);
  return parsed.type === "parsed" && parsed.target.type === "address" ? parsed.target.host : assert.fail(host);
}

test("every target comes back from its text and from both links", () => {
  fc.assert(
    fc.property(target, (wanted) => {
      // The vendor's server and the words of other links can't be named by a random text of ours.
      fc.pre(wanted.type === "address" || !/^(config|connection|password|localhost)$/.test(wanted.id));
      fc.pre(wanted.type === "address" || wanted.server?.host !== "public");
      assert.deepEqual(targetOf(formatTarget(wanted)), wanted);
      for (const scheme of ["pulpit", "rustdesk"] as const) {
        assert.deepEqual(targetOf(formatTargetLink(wanted, scheme) ?? ""), wanted);
      }
    }),
  );
});

test("any text is parsed without throwing, and what comes out is plain and parses to itself", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "rustdesk://",
      "pulpit:",
      "connection/new/",
      "123456789",
      "/r",
      "\\r",
      "@",
      "?key=",
      KEY,
      "&password=",
      "%",
      "%25",
      "[",
      "]",
      "::1",
      "1.2.3.4",
      ":",
      ":80",
      ".",
      "a.example",
      " ",
      "-",
      "\u00a0",
      "public",
    ),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
    fc.stringMatching(/^[ -~]{0,6}$/),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const parsed = parseTarget(pieces.join(""));
      if (parsed.type === "invalid") return;
      const text = formatTarget(parsed.target);
      assert.match(text, /^[\x21-\x7e]+$/);
      assert.deepEqual(targetOf(text), parsed.target);
      assert.ok(!("password" in parsed.target));
    }),
    { numRuns: 3000 },
  );
});

test("an address with a zone has no link", () => {
  assert.equal(formatTargetLink({ type: "address", host: "fe80::1%eth0", port: 21_118 }, "pulpit"), undefined);
});

test("numbers are shown in groups of three, names as they are", () => {
  assert.equal(spacedId("123456789"), "123 456 789");
  assert.equal(spacedId("1234567890"), "123 456 789 0");
  assert.equal(spacedId("ada-laptop"), "ada-laptop");
});
