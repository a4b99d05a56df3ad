import assert from "node:assert/strict";
import { test } from "node:test";
import { commandIn } from "./commands.ts";

test("a command is taken with what belongs to it and nothing else", () => {
  const said = { question: "session.end", session: "s1", block: true, extra: "x" };
  assert.deepEqual(commandIn(said), { name: "session.end", ask: { session: "s1", block: true } });
});

test("what is no command is none, whatever it looks like", () => {
  for (const value of [
    undefined,
    null,
    1,
    "view",
    [],
    {},
    { question: "toString" },
    { question: "__proto__" },
    { question: "session.end", session: "s1" },
    { question: "session.end", session: "s1", block: "yes" },
    { question: "password.set", password: "x".repeat(50_001) },
    { question: "history", before: -1, limit: 10 },
    { question: "history", before: 0, limit: 201 },
    { question: "history", before: 0.5, limit: 1 },
    Object.create({ question: "password.set", password: "inherited" }),
  ]) {
    assert.equal(commandIn(value), undefined, JSON.stringify(value));
  }
});
