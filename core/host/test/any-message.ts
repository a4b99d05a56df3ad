import assert from "node:assert/strict";
import { type MessageKey, messageKey } from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessageInit } from "@pulpit/wire";

/** Some message of this kind, whatever its contents. */
export function anyOf(key: MessageKey): PeerMessageInit {
  const [outer, inner] = key.split(".") as [string, string | undefined];
  for (const value of [{}, true, 1, "x", new Uint8Array(1)]) {
    const init = { case: outer, value: inner === undefined ? value : { union: { case: inner, value } } };
    try {
      const message = init as PeerMessageInit;
      if (messageKey(decodeMessage(encodeMessage(message))) === key) return message;
    } catch {
      // Not the kind of value this member has.
    }
  }
  assert.fail(`no message for ${key}`);
}
