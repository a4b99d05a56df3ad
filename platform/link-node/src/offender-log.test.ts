import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, type LogFields, silentLog } from "./log.ts";
import { OffenderLog } from "./offender-log.ts";

function recorded(): { lines: [string, LogFields | undefined][]; log: Log } {
  const lines: [string, LogFields | undefined][] = [];
  return { lines, log: { ...silentLog, info: (message, fields) => void lines.push([message, fields]) } };
}

test("one source gets one line a minute for one thing, and the rest is counted", () => {
  const { lines, log } = recorded();
  let now = 0;
  const offenders = new OffenderLog(log, () => now);
  for (let i = 0; i < 1000; i++) offenders.report("refused", "192.0.2.1", { why: "key" });
  offenders.report("refused", "192.0.2.2");
  offenders.report("broken", "192.0.2.1");
  assert.deepEqual(lines, [
    ["refused", { address: "192.0.2.1", why: "key" }],
    ["refused", { address: "192.0.2.2" }],
    ["broken", { address: "192.0.2.1" }],
  ]);
  now = 60_000;
  offenders.report("refused", "192.0.2.1");
  assert.deepEqual(lines.slice(3), [
    ["more of the same was not logged", { count: 999 }],
    ["refused", { address: "192.0.2.1" }],
  ]);
});

test("however many sources there are, a minute has only so many lines", () => {
  const { lines, log } = recorded();
  const offenders = new OffenderLog(log, () => 0);
  for (let i = 0; i < 50_000; i++) offenders.report("refused", `${i}`);
  assert.equal(lines.length, 100);
});
