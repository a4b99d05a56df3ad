import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { describe, test } from "node:test";
import { Agent } from "./agent/agent.ts";
import { skipWithoutLab, whyNoLab } from "./availability.ts";
import { openLab } from "./lab.ts";
import { allNamespaces } from "./namespaces.ts";
import { openObserver } from "./observer/open-observer.ts";
import { OBSERVER_PORTS } from "./observer/question.ts";

const namespacesOf = (pid: number | undefined): readonly string[] =>
  allNamespaces().filter((name) => name.startsWith(`pulpit-${pid}-`));

/** Another process with a lab of its own, in which something runs. */
async function processWithLab(): Promise<ChildProcess> {
  const program = `import(${JSON.stringify(new URL("./lab.ts", import.meta.url))}).then(async ({ openLab }) => {
      const lab = await openLab({ sides: { a: {} } });
      lab.side("a").spawn("sleep", ["600"]);
      console.log("open");
      setInterval(() => undefined, 1000);
    });`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit").then(() => "ended");
  assert.notEqual(await Promise.race([once(child.stdout as Readable, "data"), ended]), "ended");
  return child;
}

test("nonsense is refused before anything is built", async () => {
  await assert.rejects(openLab({ sides: { "no such name": {} } }), RangeError);
  await assert.rejects(openLab({ sides: { a: { hosts: 0 } } }), RangeError);
  await assert.rejects(openLab({ sides: { a: { ipv4: false } } }), RangeError);
  await assert.rejects(openLab({ sides: { a: { ipv6: "open", carrier: "symmetric" } } }), RangeError);
});

test("without root it says what it needs", () => {
  assert.match(whyNoLab(1000) ?? "", /needs (root|Linux)/);
});

describe("a lab", { skip: skipWithoutLab() }, () => {
  test("leaves nothing behind, whether it is disposed of, interrupted or killed", async () => {
    {
      await using lab = await openLab({ sides: { a: {} } });
      lab.side("a").spawn("sleep", ["600"]);
      assert.equal(namespacesOf(process.pid).length, 3);
    }
    assert.deepEqual(namespacesOf(process.pid), []);

    const [interrupted, killed] = await Promise.all([processWithLab(), processWithLab()]);
    assert.equal(namespacesOf(interrupted.pid).length, 3);
    interrupted.kill("SIGINT");
    assert.deepEqual(await once(interrupted, "exit"), [null, "SIGINT"]);
    assert.deepEqual(namespacesOf(interrupted.pid), []);

    killed.kill("SIGKILL");
    await once(killed, "exit");
    assert.equal(namespacesOf(killed.pid).length, 3);
    await using _next = await openLab({ sides: {} });
    assert.deepEqual(namespacesOf(killed.pid), []);
  });

  test("changes its lines while they are used, and counts what passes", async () => {
    await using lab = await openLab({ sides: { a: {}, b: {} } });
    await openObserver(lab.server);
    const agent = new Agent(lab.side("a"));
    const at = { address: lab.server.address, port: OBSERVER_PORTS[0] };
    const knock = (): Promise<string> => agent.ask("knock", { transport: "tcp", at });
    assert.equal(await knock(), "answered");
    const { sent, received, lost } = lab.counters("a");
    assert.ok(sent > 0 && received > 0);
    assert.equal(lost, 0);
    lab.change({ loss: 100 }, "b");
    assert.equal(await knock(), "answered");
    lab.change({ loss: 100 });
    assert.equal(await knock(), "silent");
    assert.ok(lab.counters("a").lost > 0);
    lab.change({ loss: 0, rate: 1, queue: 0 });
    assert.equal(await knock(), "silent");
    assert.ok(lab.counters("a").dropped > 0);
    lab.change({ rate: 0, delay: 10_000 });
    assert.equal(await knock(), "silent");
  });
});
