import assert from "node:assert/strict";
import { test } from "node:test";
import { type CommandHandlers, HostRefusal, type RefusalCode } from "@pulpit/host-control";
import { hostDesk } from "./desk.ts";

/** Every way a host says no. */
const CODES: Readonly<Record<RefusalCode, true>> = {
  gone: true,
  "unknown-setting": true,
  "bad-value": true,
  "weak-password": true,
  "bad-id": true,
  "id-taken": true,
  "not-supported": true,
  "too-frequent": true,
  "no-server": true,
  "wrong-code": true,
  "not-begun": true,
  "already-on": true,
  "not-available": true,
  storage: true,
};

const unreachable = (): never => assert.fail("not asked for");

function deskWith(
  own: Partial<CommandHandlers>,
  link: (forUser: number | undefined) => string = unreachable,
): ReturnType<typeof hostDesk> {
  return hostDesk(own as CommandHandlers, { "panel.link": link });
}

test("a command reaches its handler with what belongs to it", async () => {
  const asked: unknown[] = [];
  const desk = deskWith({
    "settings.set": (ask) => {
      asked.push(ask);
      return {};
    },
  });
  const taken = desk.take({ question: "settings.set", name: "approval", value: "both", extra: "x" });
  assert.equal(taken?.name, "settings.set");
  assert.deepEqual(await taken?.answer(), {});
  assert.deepEqual(asked, [{ name: "approval", value: "both" }]);
});

test("a refusal becomes a sentence for the command line, whatever its code, and never a secret", async () => {
  for (const code of Object.keys(CODES) as RefusalCode[]) {
    const desk = deskWith({
      "password.set": () => {
        throw new HostRefusal(code);
      },
    });
    const answer = async (): Promise<unknown> => desk.take({ question: "password.set", password: "hunter2" })?.answer();
    await assert.rejects(answer, (error: Error & { code?: string }) => {
      assert.equal(error.name, "AdminError");
      assert.equal(error.code, "refused");
      assert.match(error.message, /^[A-Z].{5,}/, code);
      return !error.message.includes("hunter2");
    });
  }
});

test("a bug is none of the owner's mistakes and goes on as it is", async () => {
  const bug = new TypeError("a bug");
  const desk = deskWith({
    view: () => {
      throw bug;
    },
  });
  await assert.rejects(async () => desk.take({ question: "view" })?.answer(), bug);
});

test("a link to the page is for the user that is named by a whole number, or for the owner", async () => {
  const users: (number | undefined)[] = [];
  const desk = deskWith({}, (forUser) => {
    users.push(forUser);
    return "link";
  });
  for (const forUser of [1000, undefined, "0", 1.5, null, {}, Number.NaN]) {
    assert.equal(await desk.take({ question: "panel.link", forUser })?.answer(), "link");
  }
  assert.deepEqual(users, [1000, undefined, undefined, undefined, undefined, undefined, undefined]);
});

test("what is no command is not taken", () => {
  const desk = deskWith({ view: unreachable });
  for (const value of [undefined, null, 1, "view", [], {}, { question: "__proto__" }, { question: "panel.links" }]) {
    assert.equal(desk.take(value), undefined);
  }
});
