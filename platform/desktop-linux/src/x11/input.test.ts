import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Input } from "@pulpit/host";
import { startVirtualDesktop, type VirtualDesktop } from "../virtual-desktop.ts";
import { X11Connection } from "./connection.ts";
import { openX11Input } from "./input.ts";

let desktop: VirtualDesktop;
let input: Input;
const folder = mkdtempSync(join(tmpdir(), "pulpit-input-"));

before(async () => {
  desktop = await startVirtualDesktop({ width: 800, height: 600, bare: true });
  input = await openX11Input(desktop.display);
});
after(async () => {
  await input[Symbol.asyncDispose]();
  await desktop[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

let runs = 0;

const until = async (what: string, done: () => boolean): Promise<void> => {
  for (let i = 0; !done(); i++) {
    if (i > 300) assert.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** What a real terminal receives while `act` runs. */
async function typed(name: string, act: () => void): Promise<string> {
  const file = join(folder, `${name}-${++runs}`);
  writeFileSync(file, "");
  const script = `stty -echo; echo ready > ${file}.ready; cat > ${file}`;
  const xterm: ChildProcess = spawn("xterm", ["-u8", "-e", "sh", "-c", script], {
    env: { ...process.env, DISPLAY: desktop.display, LC_ALL: "C.UTF-8" },
    stdio: "ignore",
  });
  const content = (path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  try {
    await until("xterm", () => content(`${file}.ready`) !== "");
    // Without a window manager the keyboard is where the pointer is.
    input.movePointer(200, 150);
    await input.settled();
    act();
    input.type("\n");
    await input.settled();
    await until("text", () => content(file).endsWith("\n"));
    return content(file).slice(0, -1);
  } finally {
    xterm.kill();
  }
}

const keymap = async (): Promise<number> => {
  await using connection = await X11Connection.open(desktop.display);
  const keys = await connection.ask<Uint8Array | number[]>((callback) =>
    (connection.client as never as { QueryKeymap(cb: unknown): void }).QueryKeymap(callback),
  );
  return [...keys].filter((byte) => byte !== 0).length;
};

for (const text of ["Zażółć gęślą jaźń €@#", "Hello éß€ж漢 ~|@", "{[()]}\\/<>?!\"'`$%^&*_+=-"]) {
  test(`types exactly: ${text}`, async () => {
    assert.equal(await typed("exact", () => input.type(text)), text);
  });
}

test("types more different characters than there are spare keys", async () => {
  const text = "αβγδεζηθικλμνξοπρστυφχψωабвгдежзийклмнопрстуфхцчшщ";
  assert.equal(await typed("many", () => input.type(text)), text);
});

test("types the same with CapsLock on, and leaves it on", async () => {
  input.key(66, true);
  input.key(66, false);
  assert.equal(await typed("caps", () => input.type("aBc żŻ")), "aBc żŻ");
  // Pressed as a key, a letter now comes out large: the lock is still on.
  assert.equal(
    await typed("caps-after", () => {
      input.key(38, true);
      input.key(38, false);
    }),
    "A",
  );
  input.key(66, true);
  input.key(66, false);
});

test("a key can be pressed as if CapsLock were on, without changing it", async () => {
  assert.equal(
    await typed("locked", () => {
      input.lockedKey(38, { caps: true, num: undefined });
      input.key(38, false);
      input.lockedKey(38, { caps: false, num: undefined });
      input.key(38, false);
    }),
    "Aa",
  );
});

test("on a German layout text is the same text", async (t) => {
  try {
    execFileSync("setxkbmap", ["-display", desktop.display, "de"], { stdio: "ignore" });
  } catch {
    t.skip("setxkbmap is missing");
    return;
  }
  try {
    assert.equal(await typed("german", () => input.type("xyz äöü @#{} ż")), "xyz äöü @#{} ż");
  } finally {
    execFileSync("setxkbmap", ["-display", desktop.display, "us"]);
  }
});

test("the pointer goes to the exact pixel and the wheel is seen", async () => {
  await using connection = await X11Connection.open(desktop.display);
  for (const [x, y] of [
    [0, 0],
    [799, 599],
    [123, 456],
  ] as const) {
    input.movePointer(x, y);
    await input.settled();
    const at = await connection.ask<{ rootX: number; rootY: number }>((callback) =>
      connection.client.QueryPointer(connection.root, callback as never),
    );
    assert.deepEqual([at.rootX, at.rootY], [x, y]);
  }
});

test("a character key that is let go of leaves nothing pressed", async () => {
  input.key(37, true);
  input.character("c", true);
  input.character("ż", true);
  await input.settled();
  assert.ok((await keymap()) > 0);
  input.character("c", false);
  input.character("ż", false);
  input.key(37, false);
  await input.settled();
  assert.equal(await keymap(), 0);
});
