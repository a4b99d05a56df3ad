import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chooseKey } from "./server-key.ts";

// docs/protocol/wire.md, section 9.2.
const PUBLIC = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

test("the files in the data folder are made once and used from then on; - and _ and nothing mean them", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-key-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const first = chooseKey("-", "default", folder);
  for (const text of ["-", "_", ""])
    assert.equal(chooseKey(text, "default", folder).key.publicText, first.key.publicText);
});

test("a secret key in the setting is taken", () => {
  assert.equal(chooseKey(SECRET, "variable KEY", "/nowhere").key.publicText, PUBLIC);
});

test("a public key, which would leave sessions unencrypted, is refused with the reason, and no text of a key is shown", () => {
  const swapped = Buffer.from(Buffer.from(SECRET, "base64").reverse()).toString("base64");
  for (const [text, why] of [
    [PUBLIC, /^The setting 'key' \(variable KEY\) can't be used: it is a public key.*not be encrypted/],
    ["secret of the house", /neither '-' nor the Base64/],
    [SECRET.slice(0, 48), /has 64 bytes, this 36/],
    [swapped, /do not belong together/],
  ] as const) {
    assert.throws(
      () => chooseKey(text, "variable KEY", "/nowhere"),
      (error: Error) => error.name === "UsageError" && why.test(error.message) && !error.message.includes(text),
    );
  }
});
