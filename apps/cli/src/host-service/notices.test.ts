import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { HostEvent, LiveSession, NotificationAnswer, Notifier, Question, ViewerFacts } from "@pulpit/host";
import type { SettingName } from "@pulpit/host-control";
import { houseOf } from "../../test/house.ts";
import type { House } from "./house.ts";
import { startNotices } from "./notices.ts";

const EVE: ViewerFacts = { id: "987654321", name: "Eve", platform: "Linux", address: "203.0.113.7" };
const NOBODY: ViewerFacts = { id: "", name: "", platform: "", address: "" };

/** A screen with notifications on it, and a person who presses buttons. */
class Screen implements Notifier {
  readonly questions: { readonly question: Question; answer(said: NotificationAnswer): void; withdrawn: boolean }[] =
    [];
  readonly told: string[] = [];

  ask(question: Question): ReturnType<Notifier["ask"]> {
    const { promise, resolve } = Promise.withResolvers<NotificationAnswer>();
    const shown = { question, answer: resolve, withdrawn: false };
    this.questions.push(shown);
    return {
      answer: promise,
      withdraw: () => {
        shown.withdrawn = true;
        resolve("closed");
      },
    };
  }

  tell({ title, body }: { readonly title: string; readonly body: string }): void {
    this.told.push(`${title} ${body}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Ends what would wait for its time to run out. */
function answerAll({ reception: { consent } }: House): void {
  for (const { key } of consent.open) consent.answer(key, false);
}

interface Desk {
  readonly house: House;
  readonly screen: Screen;
  readonly answers: string[];
  pages: number;
  ask(viewer?: ViewerFacts, scope?: "desktop" | "files"): () => void;
}

function desk(
  t: TestContext,
  options: {
    readonly given?: Partial<Record<SettingName, string>>;
    readonly bare?: boolean;
    readonly locale?: string;
  } = {},
): Desk {
  const house = houseOf(t, options.given);
  const screen = new Screen();
  const answers: string[] = [];
  const openPage = (): void => {
    state.pages += 1;
  };
  const notifier = options.bare === true ? undefined : screen;
  const notices = startNotices(house, { notifier, locale: options.locale ?? "C.UTF-8", openPage });
  t.after(() => {
    notices[Symbol.dispose]();
    answerAll(house);
  });
  const state: Desk = {
    house,
    screen,
    answers,
    pages: 0,
    ask: (viewer = EVE, scope = "desktop") =>
      house.reception.consent.ask(
        { viewer, scope, passwordGiven: false, encrypted: true },
        (answer) => void answers.push(answer),
      ),
  };
  return state;
}

test("a question is shown with name, ID and address, and the pressed button is the answer", async (t) => {
  for (const [pressed, answer] of [
    ["accept", "accept"],
    ["deny", "deny"],
  ] as const) {
    const { screen, answers, ask } = desk(t);
    ask();
    const [shown] = screen.questions;
    assert.deepEqual(shown?.question, {
      title: "Eve wants to see this computer",
      body: "ID 987654321, from 203.0.113.7. If you were not expecting this, deny it.",
      accept: "Let in",
      deny: "Deny",
      timeout: 60_000,
    });
    shown?.answer(pressed);
    await setImmediate();
    assert.deepEqual(answers, [answer]);
  }
});

test("a notification without buttons, or one that was put away, answers nothing", async (t) => {
  const state = desk(t);
  for (const said of ["shown", "closed"] as const) {
    state.ask();
    state.screen.questions.at(-1)?.answer(said);
    await setImmediate();
  }
  assert.deepEqual(state.answers, []);
  assert.equal(state.house.reception.consent.open.length, 2);
  // For the one that was put away.
  assert.equal(state.pages, 1);
});

test("one question is shown once, whatever else changes, and taken away when it is answered elsewhere or withdrawn", async (t) => {
  const { house, screen, answers, ask } = desk(t);
  ask();
  house.changed();
  house.changed();
  assert.equal(screen.questions.length, 1);
  house.reception.consent.answer("r1", false);
  assert.equal(screen.questions[0]?.withdrawn, true);
  const withdraw = ask();
  withdraw();
  assert.equal(screen.questions[1]?.withdrawn, true);
  // A click that came too late lets nobody in.
  screen.questions[1]?.answer("accept");
  await setImmediate();
  assert.deepEqual(answers, ["deny"]);
});

test("the answer to one question is not that of another", async (t) => {
  const { house, screen, answers, ask } = desk(t);
  ask({ ...EVE, name: "first" });
  ask({ ...EVE, name: "second" });
  screen.questions[1]?.answer("accept");
  await setImmediate();
  assert.deepEqual(answers, ["accept"]);
  assert.deepEqual(
    house.reception.consent.open.map(({ viewer }) => viewer.name),
    ["first"],
  );
});

test("where nothing can be shown the page is opened instead, once and not for each of many strangers", async (t) => {
  for (const options of [{ bare: true }, { given: { notifications: "no" } }] as const) {
    const state = desk(t, options);
    for (let i = 0; i < 4; i++) state.ask({ ...EVE, address: `192.0.2.${i}` });
    await setImmediate();
    assert.equal(state.pages, 1);
    assert.deepEqual(state.screen.questions, []);
    assert.deepEqual(state.answers, []);
  }
});

test("it speaks the language that is set, or the system's, and has a word for who says nothing about themselves", async (t) => {
  const polish = desk(t, { locale: "pl_PL.UTF-8" });
  polish.ask(NOBODY);
  const title = polish.screen.questions[0]?.question.title ?? "";
  assert.match(title, /komputer/);
  const english = desk(t, { locale: "pl_PL.UTF-8", given: { language: "en" } });
  english.ask(NOBODY, "files");
  assert.deepEqual(english.screen.questions[0]?.question.title, "Somebody wants to see the files of this computer");
  assert.match(english.screen.questions[0]?.question.body ?? "", /ID unknown, from unknown\./);
});

test("what a stranger calls itself is taken as it is, not filled in", (t) => {
  const { screen, ask } = desk(t);
  ask({ ...EVE, name: "{{address}} {{id}} $& $1" });
  assert.equal(screen.questions[0]?.question.title, "{{address}} {{id}} $& $1 wants to see this computer");
});

test("who comes and who leaves is told, and nothing when the owner wants no notifications", async (t) => {
  const { house, screen } = desk(t);
  const joined: HostEvent = {
    ...{ type: "viewerJoined", session: "s1", viewer: EVE, scope: "desktop", by: "click", secondFactor: "none" },
    ...{ path: { transport: "tcp", route: "relay", remote: "" }, encrypted: true },
  };
  house.reception.onEvent(joined);
  house.reception.onEvent({ type: "viewerRefused", address: "", why: "wrong-password" });
  house.reception.onEvent({ type: "viewerLeft", session: "s1", viewer: EVE, why: "left" });
  house.reception.entered({ facts: { key: "s2" }, regrant: () => undefined } as unknown as LiveSession);
  house.reception.onEvent({ type: "viewerLeft", session: "s1", viewer: EVE, why: "left" });
  assert.deepEqual(screen.told, [
    "Eve is on this computer now ID 987654321, from 203.0.113.7.",
    "Eve has left Nobody sees this computer any more.",
    "Eve has left Others are still on it.",
  ]);
  house.settings.set("notifications", "no");
  house.reception.onEvent(joined);
  assert.equal(screen.told.length, 3);
});

test("when the host ends, nothing stays on the screen", (t) => {
  const house = houseOf(t);
  const screen = new Screen();
  const notices = startNotices(house, { notifier: screen, locale: "", openPage: undefined });
  house.reception.consent.ask(
    { viewer: EVE, scope: "desktop", passwordGiven: false, encrypted: true },
    () => undefined,
  );
  notices[Symbol.dispose]();
  assert.equal(screen.questions[0]?.withdrawn, true);
  house.reception.consent.ask(
    { viewer: EVE, scope: "desktop", passwordGiven: false, encrypted: true },
    () => undefined,
  );
  assert.equal(screen.questions.length, 1);
  answerAll(house);
});
