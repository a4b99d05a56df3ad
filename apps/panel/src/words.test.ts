import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PageClose, SETTING_NAMES } from "@pulpit/host-control";
import {
  flatWords,
  keysAskedFor,
  stemOf,
  unknownKeys,
  type WordTree,
  wordProblems,
} from "@pulpit/page-kit/word-problems";
import { PERMISSIONS } from "@pulpit/protocol";
import { ALL_PERMISSIONS } from "./state/permission-names.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const words = (language: string): WordTree => JSON.parse(readFileSync(`${here}words/${language}.json`, "utf8"));
const english = words("en");
const stems = new Set([...flatWords(english).keys()].map(stemOf));

const control = new URL("../../../core/host-control/src/", import.meta.url);

/** The texts of a union type as its source has them: types are gone when a test runs. */
function union(file: string, start: RegExp): string[] {
  const source = readFileSync(new URL(file, control), "utf8");
  const type = (start.exec(source)?.[1] ?? "").replace(/\/\/.*$/gm, "");
  return [...type.matchAll(/"([\w-]+)"/g)].map(([, text = ""]) => text);
}

function haveWords(keys: readonly string[], least: number): void {
  assert.ok(keys.length >= least, `only ${keys.length}: has the source changed its form?`);
  assert.deepEqual(
    keys.filter((key) => !stems.has(key)),
    [],
  );
}

test("both languages say the same things", () => {
  assert.deepEqual(wordProblems({ en: english, pl: words("pl") }), []);
});

test("every word a component asks for is there", () => {
  const sources = globSync(`${here}**/*.{ts,tsx}`, { exclude: ["**/*.test.ts"] }).map((file) =>
    readFileSync(file, "utf8"),
  );
  assert.ok(keysAskedFor(sources).length > 100);
  assert.deepEqual(unknownKeys(sources, english), []);
});

test("every reason why the host does not do something has words", () => {
  const codes = union("refusal.ts", /export type RefusalCode =([\s\S]*?);/);
  haveWords(
    [...codes, "bad-question", "broken", "lost"].map((code) => `refusal.${code}`),
    17,
  );
  assert.deepEqual(
    union("page-channel.ts", /RefusalCode \| ([^;]*);/).filter((code) => !stems.has(`refusal.${code}`)),
    [],
  );
  assert.equal(Object.keys(PageClose).length, 3);
});

test("every trouble and every other state has a title and says what to do", () => {
  const troubles = union("view.ts", /export type Trouble =([\s\S]*?);/);
  const states = union("view.ts", /readonly state:([^;]*);/).filter((state) => state !== "trouble");
  haveWords(
    [...troubles.map((code) => `trouble.${code}`), ...states.map((code) => `service.${code}`)].flatMap((key) => [
      `${key}.title`,
      `${key}.text`,
    ]),
    20,
  );
});

test("every kind of entry in the history has a sentence", () => {
  const events = union("history.ts", /export type HistoryEvent =([\s\S]*?)\/\*\* One line/);
  const types = [...readFileSync(new URL("history.ts", control), "utf8").matchAll(/type: "([\w-]+)"/g)].map(
    ([, type = ""]) => type,
  );
  assert.ok(types.every((type) => events.includes(type) || ["whole", "broken"].includes(type)));
  const roots = new Set([...stems].map((key) => key.split(".").slice(0, 2).join(".")));
  for (const type of types.filter((name) => !["whole", "broken"].includes(name))) {
    assert.ok(roots.has(`event.${type}`), type);
  }
  haveWords(
    union("history.ts", /readonly answer:([^}]*)}/).map((answer) => `event.answered.${answer}`),
    3,
  );
  haveWords(
    union("history.ts", /type: "password"; readonly change:([^}]*)}/).map((change) => `event.password.${change}`),
    2,
  );
  haveWords(
    union("history.ts", /type: "second-factor"; readonly change:([^}]*)}/).map(
      (change) => `event.second-factor.${change}`,
    ),
    3,
  );
  haveWords(
    union("history.ts", /"address">; readonly change:([^}]*)}/).map((change) => `event.trusted.${change}`),
    2,
  );
  haveWords(
    union("history.ts", /readonly why:\s*("changed"[^;]*);/).map((why) => `history.brokenWhy.${why}`),
    5,
  );
});

test("every permission has its place on the page", () => {
  assert.deepEqual(ALL_PERMISSIONS.toSorted(), PERMISSIONS.toSorted());
});

test("every permission, scope, way in and second factor has a name", () => {
  haveWords(
    PERMISSIONS.map((permission) => `permission.${permission}.name`),
    11,
  );
  haveWords(
    ["desktop", "files", "camera", "terminal", "tunnel"].flatMap((scope) => [
      `scope.${scope}.name`,
      `scope.${scope}.wants`,
    ]),
    10,
  );
  haveWords(
    union("view.ts", /export type LoginWay =([^;]*);/).map((way) => `way.${way}`),
    4,
  );
  haveWords(
    union("view.ts", /readonly secondFactor: ("none"[^;]*);/).map((how) => `secondFactorUsed.${how}`),
    5,
  );
  haveWords(
    union("view.ts", /readonly route:([^;]*);/).flatMap((route) => [
      `session.route.${route}`,
      `session.routeLong.${route}`,
    ]),
    4,
  );
});

test("every setting has a name and says what it means", () => {
  haveWords(
    SETTING_NAMES.flatMap((name) => [`setting.${name}.label`, `setting.${name}.hint`]),
    50,
  );
  haveWords(
    ["password", "click", "either", "both"].flatMap((way) => [
      `access.passwordHint.${way}`,
      `approval.${way}.label`,
      `approval.${way}.hint`,
      `event.value.${way}`,
    ]),
    16,
  );
});

test("every way a one-time password is renewed has words", () => {
  haveWords(
    ["after-use", "daily", "manual"].flatMap((how) => [
      `access.passwordRenewal.${how}`,
      `oneTime.renewal.${how}`,
      `event.value.${how}`,
    ]),
    9,
  );
});

test("every way the page can be without its host has words", () => {
  haveWords(
    ["away.lost", "away.host-stopped", "shut.not-let-in", "shut.too-many"].flatMap((key) => [
      `${key}.title`,
      `${key}.text`,
    ]),
    8,
  );
  haveWords(
    ["too-short", "weak", "fair", "strong"].map((strength) => `strength.${strength}`),
    4,
  );
});
