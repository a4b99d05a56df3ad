import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import type { HistoryEntry, HistoryEvent, ViewerView } from "@pulpit/host-control";
import { createInstance, type TFunction } from "i18next";
import { historyDetail, historySentence, sessionNames } from "./history-sentence.ts";

const words = (language: string): object =>
  JSON.parse(readFileSync(new URL(`../words/${language}.json`, import.meta.url), "utf8"));
const viewer: ViewerView = { id: "417552903", name: "Anna", platform: "Windows", address: "198.51.100.23" };
const joined: HistoryEvent = {
  type: "joined",
  session: "s",
  viewer,
  scope: "desktop",
  way: "one-time",
  secondFactor: "code",
  route: "relay",
  encrypted: true,
};
const i18n = createInstance();

before(async () => {
  await i18n.init({
    lng: "en",
    resources: { en: { translation: words("en") }, pl: { translation: words("pl") } },
    interpolation: { escapeValue: false },
  });
});

/** Without the marks that isolate what others have written. */
function said(event: HistoryEvent, language = "en", names: ReadonlyMap<string, string> = new Map()): string {
  return historySentence(event, names, i18n.getFixedT(language)).replace(/[\u2068\u2069]/g, "");
}

test("what happened is told in a sentence, in both languages", () => {
  assert.equal(said(joined), "Anna came in: Screen.");
  assert.equal(
    said({ type: "refused", address: "203.0.113.7", why: "wrong-password", times: 1 }),
    "203.0.113.7 was turned away: wrong password.",
  );
  assert.equal(
    said({ type: "refused", address: "203.0.113.7", why: "wrong-password", times: 17 }),
    "203.0.113.7 was turned away 17 times: wrong password.",
  );
  assert.equal(
    said({ type: "refused", address: "203.0.113.7", why: "wrong-password", times: 3 }, "pl"),
    "Nie wpuszczono 203.0.113.7 (3 razy): błędne hasło.",
  );
  assert.equal(said({ type: "id", from: "123456789", to: "anna-1" }), "The ID was changed from 123 456 789 to anna-1.");
  assert.equal(
    said({ type: "setting", name: "approval", value: "both" }),
    "Setting changed: “Letting somebody in” is now the password and your consent.",
  );
  assert.equal(
    said({ type: "setting", name: "relay", value: "" }, "pl"),
    "Zmieniono ustawienie „Przekaźnik”: teraz puste.",
  );
});

test("the visitor of an entry is named when other entries tell who it was", () => {
  const entries: HistoryEntry[] = [{ number: 1, at: "2026-11-27T10:00:00Z", event: joined }];
  const used: HistoryEvent = { type: "used", session: "s", permission: "keyboard" };
  assert.equal(said(used, "en", sessionNames(entries)), "Anna used: Mouse and keyboard.");
  assert.equal(said(used), "A visitor used: Mouse and keyboard.");
});

test("a reason or a setting without words is quoted, also one that means to be a key", () => {
  for (const why of ["something new", "wrong-password.x", "__proto__", "constructor", "reason"]) {
    assert.equal(said({ type: "refused", address: "a", why, times: 1 }), `a was turned away: “${why}”.`);
  }
  assert.equal(
    said({ type: "setting", name: "new-one", value: "7 days" }),
    "Setting changed: “new-one” is now “7 days”.",
  );
});

test("a name is taken for what it is, whatever it would mean to the translator", () => {
  for (const name of ["$t(nav.home)", "{{what}}", "<b>x</b>"]) {
    assert.equal(said({ ...joined, viewer: { ...viewer, name } }), `${name} came in: Screen.`);
  }
  assert.equal(said({ ...joined, viewer: { ...viewer, name: "" } }), "417552903 came in: Screen.");
  assert.equal(
    said({ ...joined, viewer: { ...viewer, id: "", name: "" } }),
    "Somebody without a name came in: Screen.",
  );
});

test("below a visit stands where it came from, how it got in and over which path", () => {
  const t: TFunction = i18n.getFixedT("en");
  assert.equal(
    historyDetail(joined, t).replace(/[\u2068\u2069]/g, ""),
    "417 552 903 · 198.51.100.23 · With the one-time password · Code from an authenticator · Through the relay · Encrypted",
  );
  assert.equal(historyDetail({ type: "stopped" }, t), "");
});
