import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bindingAnswer, bindingRequest, TRANSACTION_BYTES } from "./binding.ts";
import { answerStun } from "./server.ts";

const TRANSACTION = new Uint8Array(TRANSACTION_BYTES).fill(7);
const FROM = { host: "192.0.2.1", port: 32_853 };

test("a question is understood by the server, and its answer by who asked", () => {
  for (const answerFrom of ["asked-port", "other-port"] as const) {
    const answer = answerStun(bindingRequest(TRANSACTION, answerFrom), FROM, "two") ?? assert.fail("silence");
    assert.equal(answer.through, answerFrom);
    assert.deepEqual(bindingAnswer(answer.bytes, TRANSACTION), { type: "mapped", address: FROM });
    assert.equal(bindingAnswer(answer.bytes, TRANSACTION.with(11, 8)), undefined);
  }
  const refusal = answerStun(bindingRequest(TRANSACTION, "other-port"), FROM, "one");
  assert.deepEqual(bindingAnswer(refusal?.bytes ?? assert.fail("silence"), TRANSACTION), { type: "refused" });
});

test("questions, and answers without an address that can be used, are no answers", () => {
  assert.equal(bindingAnswer(bindingRequest(TRANSACTION, "asked-port"), TRANSACTION), undefined);
  const { bytes } = answerStun(bindingRequest(TRANSACTION, "asked-port"), FROM, "one") ?? assert.fail("silence");
  // Port 0, hidden by the first half of the cookie; another family; another attribute.
  for (const [at, byte] of [
    [25, 3],
    [21, 0x21],
  ] as const) {
    assert.equal(bindingAnswer(bytes.with(at, byte), TRANSACTION), undefined);
  }
  assert.equal(bindingAnswer(bytes.with(26, 0x21).with(27, 0x12), TRANSACTION), undefined);
});

test("nothing a server sends makes it throw, and an address that comes out is one", () => {
  const { bytes } = answerStun(bindingRequest(TRANSACTION, "asked-port"), FROM, "one") ?? assert.fail("silence");
  const changed = fc
    .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 })
    .map((changes) => changes.reduce((data, [at, byte]) => data.with(at, byte), new Uint8Array(bytes)));
  let mapped = 0;
  fc.assert(
    fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 100 })), (datagram) => {
      const answer = bindingAnswer(datagram, TRANSACTION);
      if (answer?.type !== "mapped") return;
      mapped += 1;
      assert.ok(answer.address.port > 0 && answer.address.port <= 65_535);
      assert.match(answer.address.host, /^[\d.]+$/);
    }),
    { numRuns: 1000 },
  );
  assert.ok(mapped > 0);
});
