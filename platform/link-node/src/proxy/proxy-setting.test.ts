import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { type ProxySetting, parseProxySetting } from "./proxy-setting.ts";

function proxyIn(text: string): ProxySetting {
  const parsed = parseProxySetting(text);
  return parsed.type === "proxy" ? parsed.proxy : assert.fail(`${text}: ${parsed.problem}`);
}

test("a setting names scheme, address and credentials, and lacks what has a default", () => {
  const rows: readonly (readonly [text: string, shown: string, user?: string, password?: string])[] = [
    ["proxy.example", "socks5://proxy.example:1080"],
    ["10.0.0.1:9050", "socks5://10.0.0.1:9050"],
    ["SOCKS5h://[::1]:1", "socks5://[::1]:1"],
    ["http://proxy.example/", "http://proxy.example:80"],
    ["https://ada:secret@proxy.example", "https://proxy.example:443", "ada", "secret"],
    ["ada:p@ss:word@10.0.0.1", "socks5://10.0.0.1:1080", "ada", "p@ss:word"],
    ["http://a%40b:%C4%85%25@proxy.example:3128", "http://proxy.example:3128", "a@b", "ą%"],
    // One without the other is none (docs/protocol/wire.md, section 7).
    ["http://ada@proxy.example", "http://proxy.example:80"],
    ["socks5://:secret@proxy.example", "socks5://proxy.example:1080"],
  ];
  for (const [text, shown, user, password] of rows) {
    const proxy = proxyIn(text);
    assert.equal(String(proxy), shown);
    assert.deepEqual(proxy.credentials(), user === undefined ? undefined : { user, password });
  }
});

test("what is no proxy is refused by a code that repeats nothing", () => {
  const rows: Readonly<Record<string, readonly string[]>> = {
    "unknown-scheme": ["ftp://a.example", "socks4://a.example", "constructor://a.example", "://a.example"],
    "bad-address": ["", " ", "http://", "a b", "a.example:0", "a.example:99999", "a.example/path", "x".repeat(2049)],
    "bad-credentials": [
      "http://a%3Ab:secret@a.example",
      "http://ada:se%0d%0acret@a.example",
      `ada:${"x".repeat(256)}@a.example`,
      "ada:%@a.example",
    ],
  };
  for (const [problem, texts] of Object.entries(rows)) {
    for (const text of texts) assert.deepEqual(parseProxySetting(text), { type: "invalid", problem }, text);
  }
});

test("credentials are in no text, JSON or inspection of a setting", () => {
  const proxy = proxyIn("http://ada:hunter2@proxy.example");
  assert.doesNotMatch(`${proxy} ${JSON.stringify(proxy)} ${inspect(proxy, { showHidden: true })}`, /hunter2|ada/);
});
