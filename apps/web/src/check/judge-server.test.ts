import assert from "node:assert/strict";
import { test } from "node:test";
import { clockVerdict, doorVerdict, pageVerdict } from "./judge-server.ts";
import { timeInWords } from "./time-apart.ts";

test("a page is good when it may decode and has something to decode with", () => {
  assert.deepEqual(pageVerdict({ problem: undefined, codecs: ["VP9"] }), { outcome: "page-good", codecs: ["VP9"] });
  assert.equal(pageVerdict({ problem: undefined, codecs: [] }).outcome, "page-no-video");
  assert.equal(pageVerdict({ problem: "insecure-context", codecs: [] }).outcome, "page-insecure");
  assert.equal(pageVerdict({ problem: "no-webcodecs", codecs: [] }).outcome, "page-old");
});

test("a server answers, slowly or not, or says in which way it does not", () => {
  assert.deepEqual(doorVerdict("id", { type: "open", ms: 80 }), { outcome: "answers", ms: 80 });
  assert.deepEqual(doorVerdict("id", { type: "open", ms: 1_400 }), { outcome: "answers-slowly", ms: 1_400 });
  assert.equal(doorVerdict("id", { type: "refused" }).outcome, "id-refused");
  assert.equal(doorVerdict("relay", { type: "dropped" }).outcome, "relay-dropped");
});

test("a clock may be half a minute off, and then it is said in which direction", () => {
  assert.deepEqual(clockVerdict(-900), { outcome: "clock-right", secondsApart: 1 });
  assert.equal(clockVerdict(30_000).outcome, "clock-right");
  assert.deepEqual(clockVerdict(42_400), { outcome: "clock-behind", secondsApart: 42 });
  assert.deepEqual(clockVerdict(-42_400), { outcome: "clock-ahead", secondsApart: 42 });
  assert.equal(clockVerdict(undefined).outcome, "clock-untold");
});

test("a difference is told in the unit in which it is easiest to grasp", () => {
  assert.equal(timeInWords(0, "en"), "0 seconds");
  assert.equal(timeInWords(119, "en"), "119 seconds");
  assert.equal(timeInWords(130, "en"), "2 minutes");
  assert.equal(timeInWords(7_300, "pl"), "2 godziny");
  assert.equal(timeInWords(86_400 * 365, "pl"), "365 dni");
});
