import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ControlKey, encodeMessage, KeyboardMode, type PeerMessageInit } from "@pulpit/wire";
import { KEY_ROWS } from "./key-rows.ts";
import { type KeyPlatform, KeyTable, keyPlatform } from "./key-table.ts";
import { BUTTON_BITS, buttonOf, MouseType, mouseMask } from "./mouse-mask.ts";

const page = readFileSync(new URL("../../../../docs/protocol/input.md", import.meta.url), "utf8");
const chapter = (from: string, to: string): string => page.slice(page.indexOf(from), page.indexOf(to));

/** The rows of section 6, as the code writes them. A footnote mark says nothing about the number. */
const documented = chapter("## 6. ", "## 7. ")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| key"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.replace(/[`¹²]/g, "").trim()),
  )
  .map(([name = "", code = "", , windows = "", , linux = "", macos = "", , legacy = ""]) => [
    name,
    // A code in brackets belongs to another row.
    /^[A-Za-z]\w*$/.test(code) ? code : "",
    windows === "–" ? -1 : Number(windows),
    linux === "–" ? -1 : Number(linux),
    macos === "–" ? -1 : Number(macos),
    Number(/^(\d+) /.exec(legacy)?.[1] ?? 0),
  ]);

test("the table of keys is the specification's, row by row", (t) => {
  assert.deepEqual(
    KEY_ROWS.map((row) => [...row]),
    documented,
  );
  t.diagnostic(`${documented.length} keys`);
});

test("a key's position leads back to the key, on every platform", () => {
  for (const platform of ["Windows", "Linux", "Mac OS"] as const satisfies readonly KeyPlatform[]) {
    const table = new KeyTable(platform);
    for (const [, code] of KEY_ROWS) {
      const position = code === "" ? undefined : table.position(code);
      if (position === undefined) continue;
      assert.equal(table.position(table.code(position) ?? ""), position);
    }
    assert.equal(table.position("NoSuchKey"), undefined);
    assert.equal(table.code(99_999), undefined);
  }
  assert.equal(keyPlatform("Mac OS"), "Mac OS");
  assert.equal(keyPlatform("windows"), "Windows");
  assert.equal(keyPlatform("Haiku"), "Linux");
});

test("type and button of a mouse event go into one number and come back", () => {
  const { down, up, wheel, trackpad, moveBy } = MouseType;
  const given: [number, number, number][] = [
    [down, BUTTON_BITS.left, 9],
    [up, BUTTON_BITS.left, 10],
    [down, BUTTON_BITS.right, 17],
    [up, BUTTON_BITS.right, 18],
    [down, BUTTON_BITS.middle, 33],
    [up, BUTTON_BITS.middle, 34],
    [down, BUTTON_BITS.back, 65],
    [up, BUTTON_BITS.back, 66],
    [down, BUTTON_BITS.forward, 129],
    [up, BUTTON_BITS.forward, 130],
    [MouseType.move, BUTTON_BITS.left, 8],
    [wheel, 0, 3],
    [trackpad, 0, 4],
    [moveBy, 0, 5],
  ];
  for (const [type, buttons, mask] of given) {
    assert.equal(mouseMask(type, buttons), mask);
    assert.equal(mask & 7, type);
    assert.equal(BUTTON_BITS[buttonOf(mask) ?? "left"], buttons === 0 ? BUTTON_BITS.left : buttons);
  }
  assert.equal(buttonOf(mouseMask(down, BUTTON_BITS.left | BUTTON_BITS.right)), undefined);
  assert.equal(buttonOf(3), undefined);
});

test("events of the specification are written byte for byte", () => {
  const key = (value: object): PeerMessageInit => ({ case: "keyEvent", value });
  const mouse = (value: object): PeerMessageInit => ({ case: "mouseEvent", value });
  const chr = (code: number): object => ({ union: { case: "chr", value: code } });
  const map = { mode: KeyboardMode.MAP };
  const written: [string, PeerMessageInit][] = [
    ["Map, Windows, `a` down", key({ down: true, ...chr(0x1e), ...map })],
    ["Map, Windows, `a` up", key({ ...chr(0x1e), ...map })],
    ["Map, macOS, `a` down (chr 0 is written)", key({ down: true, ...chr(0), ...map })],
    [
      "Map, Windows, `a` down with CapsLock on (packed list)",
      key({ down: true, ...chr(0x1e), ...map, modifiers: [ControlKey.CAPS_LOCK] }),
    ],
    ["Legacy, Ctrl+C, `c` down", key({ down: true, ...chr(0x63), modifiers: [ControlKey.CONTROL] })],
    ["Translate, text `é`", key({ down: true, mode: KeyboardMode.TRANSLATE, union: { case: "seq", value: "é" } })],
    ["CtrlAltDel function", key({ down: true, union: { case: "controlKey", value: ControlKey.CTRL_ALT_DEL } })],
    ["Move to (100, −200)", mouse({ x: 100, y: -200 })],
    ["Move to (0, 0)", mouse({})],
    ["One notch up", mouse({ mask: 3, y: 1 })],
  ];
  const rows = new Map(
    [...chapter("Serialized `Message`", "## 8. ").matchAll(/^\| (.+?) \| ([0-9a-f ]+) \|$/gm)].map(([, name, hex]) => [
      name,
      hex,
    ]),
  );
  for (const [name, message] of written) {
    assert.equal(Buffer.from(encodeMessage(message)).toString("hex"), rows.get(name)?.replaceAll(" ", ""), name);
  }
});
