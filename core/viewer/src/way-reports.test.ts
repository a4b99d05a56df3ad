import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttemptReport, LinkError } from "@pulpit/link";
import { Ended } from "./end.ts";
import type { Ways } from "./ports/ways.ts";
import type { WayReport } from "./state.ts";
import type { ViewerTarget, ViewerWorld } from "./viewer.ts";
import { wayReports, waysTried } from "./way-reports.ts";

const never = (): Promise<never> => new Promise(() => undefined);
const PAGE: Ways = { webrtc: never };
const COMPUTER: Ways = { tcp: never, udp: never, webrtc: never };

const worldWith = (ways: Ways): ViewerWorld => ({ ways }) as ViewerWorld;
const target = (relayOnly: boolean): ViewerTarget => ({ relayOnly }) as ViewerTarget;

function told(reports: readonly AttemptReport[], ways: Ways, relayOnly = false): readonly WayReport[] {
  return wayReports(reports, target(relayOnly), worldWith(ways));
}

const report = (name: string, outcome: AttemptReport["outcome"], error?: unknown): AttemptReport => ({
  ...{ name, outcome, direct: name !== "relay" },
  ...(error === undefined ? {} : { error }),
});

test("beside the way in use each other one is named, with the reason why not", () => {
  assert.deepEqual(told([report("webrtc", "won"), report("relay", "given-up")], PAGE), [
    { name: "webrtc", outcome: "won" },
    { name: "relay", outcome: "not-needed" },
  ]);
  // The relay may not even have been asked for.
  assert.deepEqual(told([report("webrtc", "won")], PAGE).at(-1), { name: "relay", outcome: "not-needed" });
  assert.deepEqual(told([report("relay", "won"), report("webrtc", "given-up")], PAGE)[0], {
    ...{ name: "webrtc", outcome: "too-slow" },
  });
  assert.deepEqual(told([report("relay", "won")], PAGE)[0], { name: "webrtc", outcome: "not-offered" });
  assert.deepEqual(told([report("relay", "won")], PAGE, true)[0], { name: "webrtc", outcome: "not-wanted" });
  assert.deepEqual(told([report("relay", "won")], {}), [{ name: "relay", outcome: "won" }]);
});

test("a way counts under the name it had on this network", () => {
  const reports = [report("lan", "won"), report("ipv6", "failed", new LinkError("unreachable"))];
  assert.deepEqual(
    told(reports, COMPUTER).map(({ name, outcome }) => [name, outcome]),
    [
      ["lan", "won"],
      ["ipv6", "failed"],
      ["webrtc", "not-needed"],
      ["relay", "not-needed"],
    ],
  );
});

test("errors become one of a few codes, and their texts go no further", () => {
  const failures = [
    [new LinkError("timed-out", "secret"), "timed-out"],
    [new LinkError("reset"), "broke-off"],
    [new Ended({ code: "bad-identity" }), "bad-identity"],
    [new Ended({ code: "refused", detail: "secret" }), "refused"],
    [new Ended({ code: "relay-failed" }), "unreachable"],
  ] as const;
  for (const [error, failure] of failures) {
    const [webrtc] = told([report("relay", "won"), report("webrtc", "failed", error)], PAGE);
    assert.deepEqual(webrtc, { name: "webrtc", outcome: "failed", failure });
  }
  assert.deepEqual(told([report("relay", "won"), report("webrtc", "failed", new Error("x"))], PAGE)[0], {
    ...{ name: "webrtc", outcome: "failed" },
  });
});

test("a way that broke in the middle of the session, and was left for another one, is said to have done so", () => {
  const reports = wayReports([report("relay", "won")], target(false), worldWith(PAGE), new Set(["webrtc"]));
  assert.deepEqual(reports[0], { name: "webrtc", outcome: "failed", failure: "broke-off" });
});

test("what is told is bounded: each way once, whichever call brought it, and no name but those known", () => {
  const many = Array.from({ length: 100 }, () => report("lan", "failed", new LinkError("refused")));
  const list = told([report("lan", "won"), ...many, report("nonsense", "failed")], COMPUTER);
  assert.deepEqual(list.map(({ name }) => name).sort(), ["lan", "relay", "udp", "webrtc"]);
  assert.equal(list[0]?.outcome, "won");
});

test("what is tried follows from the platform, and from the wish for the relay", () => {
  assert.deepEqual(waysTried(target(false), worldWith(PAGE)), ["webrtc", "relay"]);
  assert.deepEqual(waysTried(target(true), worldWith(PAGE)), ["relay"]);
});
