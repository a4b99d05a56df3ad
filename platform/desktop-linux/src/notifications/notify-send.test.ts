import assert from "node:assert/strict";
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { on, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { test } from "node:test";
import type { Notifier, Question } from "@pulpit/host";
import { lacks } from "../../test/scene.ts";
import { type NotificationTrouble, openNotifySend } from "./notify-send.ts";

/** Debian's own, which has its D-Bus package; another one may be first on the path. */
const PYTHON = "/usr/bin/python3";
const skip = lacks("notify-send", "dbus-daemon") || lacksPython();
const question: Question = { title: "Let in?", body: "Somebody", accept: "Accept", deny: "Deny", timeout: 60_000 };

test("a button that is pressed is the answer", { skip }, async () => {
  await using desktop = await TestDesktop.start();
  for (const button of ["accept", "deny"] as const) {
    const { answer } = desktop.notifier.ask(question);
    const [number] = await desktop.shown();
    desktop.do(`press ${number} ${button}`);
    assert.equal(await answer, button);
    assert.deepEqual(await desktop.next(), ["closed", number]);
  }
  assert.deepEqual(desktop.troubles, []);
});

test("what a stranger wrote reaches the desktop as text and as nothing else", { skip }, async () => {
  await using desktop = await TestDesktop.start();
  desktop.notifier.ask({
    title: "--help <b>Łódź</b>",
    body: "-- --urgency=low\n<img src=x> \\074b\\076 a\u202eb",
    accept: "Zgoda=tak",
    deny: "-Odmów",
    timeout: 60_000,
  });
  assert.deepEqual((await desktop.shown()).slice(1), [
    "Pulpit",
    "--help \u2039b\u203aŁódź\u2039/b\u203a",
    "-- --urgency=low\n&lt;img src=x&gt; \u2216074b\u2216076 ab",
    ["accept", "Zgoda=tak", "deny", "-Odmów"],
    2,
    60_000,
  ]);
});

test("a question that is dismissed is closed, and one that is withdrawn leaves the screen", { skip }, async () => {
  await using desktop = await TestDesktop.start();
  const first = desktop.notifier.ask(question);
  desktop.do(`dismiss ${(await desktop.shown())[0]}`);
  assert.equal(await first.answer, "closed");
  const second = desktop.notifier.ask(question);
  const [number] = await desktop.shown();
  second.withdraw();
  second.withdraw();
  assert.deepEqual(await desktop.next(), ["closed", number]);
  assert.equal(await second.answer, "closed");
  second.withdraw();
});

test("a question leaves the screen when its time is up, even if the desktop would keep it", { skip }, async () => {
  await using desktop = await TestDesktop.start();
  const { answer } = desktop.notifier.ask({ ...question, timeout: 500 });
  const [number] = await desktop.shown();
  assert.deepEqual(await desktop.next(), ["closed", number]);
  assert.equal(await answer, "closed");
});

test("there are never more than four, and a place becomes free again", { skip }, async () => {
  await using desktop = await TestDesktop.start();
  const four = [1, 2, 3, 4].map(() => desktop.notifier.ask(question));
  assert.equal(await desktop.notifier.ask(question).answer, "closed");
  const [number] = await desktop.shown();
  for (let more = 0; more < 3; more++) await desktop.shown();
  desktop.do(`press ${number} accept`);
  assert.equal(await Promise.race(four.map(({ answer }) => answer)), "accept");
  assert.deepEqual(await desktop.next(), ["closed", number]);
  desktop.notifier.tell({ title: "Hello", body: "" });
  assert.deepEqual((await desktop.shown()).slice(0, 4), [5, "Pulpit", "Hello", ""]);
});

test("everything leaves the screen with the notifier, and nothing comes after it", { skip }, async () => {
  await using desktop = await TestDesktop.start();
  const { answer } = desktop.notifier.ask(question);
  const [number] = await desktop.shown();
  await desktop.notifier[Symbol.asyncDispose]();
  assert.deepEqual(await desktop.next(), ["closed", number]);
  assert.equal(await answer, "closed");
  assert.equal(await desktop.notifier.ask(question).answer, "closed");
});

test("a desktop without buttons shows the question", { skip }, async () => {
  await using desktop = await TestDesktop.start("plain");
  const { answer } = desktop.notifier.ask(question);
  assert.deepEqual((await desktop.shown())[4], []);
  assert.equal(await answer, "shown");
  assert.deepEqual(desktop.troubles, []);
});

test("a desktop that shows no notifications is mentioned once", { skip }, async () => {
  await using bus = await TestBus.start();
  const troubles: NotificationTrouble[] = [];
  const env = { PATH: process.env.PATH, DBUS_SESSION_BUS_ADDRESS: bus.address };
  await using notifier = openNotifySend({ env, onTrouble: (trouble) => troubles.push(trouble) });
  assert.equal(await notifier.ask(question).answer, "closed");
  assert.equal(await notifier.ask(question).answer, "closed");
  assert.deepEqual(troubles, ["no-service"]);
});

test("without a session bus none is started", { skip: lacks("notify-send") }, async () => {
  const troubles: NotificationTrouble[] = [];
  const env = { PATH: process.env.PATH, XDG_RUNTIME_DIR: "/nonexistent" };
  await using notifier = openNotifySend({ env, onTrouble: (trouble) => troubles.push(trouble) });
  assert.equal(await notifier.ask(question).answer, "closed");
  assert.deepEqual(troubles, ["no-service"]);
});

test("without the program everything goes on", async () => {
  const troubles: NotificationTrouble[] = [];
  const options = {
    env: { PATH: "/nonexistent" },
    onTrouble: (trouble: NotificationTrouble) => troubles.push(trouble),
  };
  await using notifier = openNotifySend(options);
  notifier.tell({ title: "x", body: "y" });
  assert.equal(await notifier.ask(question).answer, "closed");
  assert.deepEqual(troubles, ["no-program"]);
});

/** A session bus of its own. */
class TestBus implements AsyncDisposable {
  readonly address: string;
  readonly #end: () => Promise<void>;

  private constructor(address: string, end: () => Promise<void>) {
    this.address = address;
    this.#end = end;
  }

  static async start(): Promise<TestBus> {
    const folder = await mkdtemp(join(tmpdir(), "pulpit-bus-"));
    const args = ["--session", "--nofork", "--nopidfile", "--print-address=1", `--address=unix:dir=${folder}`];
    const daemon = spawn("dbus-daemon", args, { stdio: ["ignore", "pipe", "ignore"] });
    const closed = once(daemon, "close");
    const [address] = await once(daemon.stdout, "data");
    return new TestBus(String(address).trim(), async () => {
      daemon.kill();
      await closed;
      await rm(folder, { recursive: true, force: true });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end();
  }
}

type Shown = [number: number, app: string, title: string, body: string, buttons: string[], urgency: number, ms: number];

/** A bus with a service that shows notifications, and a notifier that uses them. */
class TestDesktop implements AsyncDisposable {
  readonly notifier: Notifier;
  readonly troubles: NotificationTrouble[] = [];
  readonly #service: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<[string]>;
  readonly #bus: TestBus;

  private constructor(bus: TestBus, service: ChildProcessByStdio<Writable, Readable, null>, lines: Interface) {
    this.#bus = bus;
    this.#service = service;
    this.#lines = on(lines, "line", { close: ["close"] }) as AsyncIterator<[string]>;
    const env = { PATH: process.env.PATH, DBUS_SESSION_BUS_ADDRESS: bus.address };
    this.notifier = openNotifySend({ env, onTrouble: (trouble) => this.troubles.push(trouble) });
  }

  static async start(...args: readonly string[]): Promise<TestDesktop> {
    const bus = await TestBus.start();
    const program = new URL("notification-service.py", import.meta.url).pathname;
    const service = spawn(PYTHON, [program, ...args], {
      env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: bus.address },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const desktop = new TestDesktop(bus, service, createInterface({ input: service.stdout }));
    assert.deepEqual(await desktop.next(), ["ready"]);
    return desktop;
  }

  /** The next thing that the service says. */
  async next(): Promise<unknown[]> {
    const { value, done } = await this.#lines.next();
    assert.ok(done !== true, "the notification service has ended");
    return JSON.parse(value[0]);
  }

  async shown(): Promise<Shown> {
    const [what, ...facts] = await this.next();
    assert.equal(what, "shown");
    return facts as Shown;
  }

  do(command: string): void {
    this.#service.stdin.write(`${command}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.notifier[Symbol.asyncDispose]();
    const closed = once(this.#service, "close");
    this.#service.kill();
    await closed;
    await this.#bus[Symbol.asyncDispose]();
  }
}

function lacksPython(): string | false {
  try {
    execFileSync(PYTHON, ["-c", "import dbus, gi"], { stdio: "ignore" });
    return false;
  } catch {
    return "not installed: python3-dbus, python3-gi";
  }
}
