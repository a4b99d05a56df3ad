import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeServerMessage, encodeServerMessage } from "@pulpit/wire";
import { type HostFacts, meet } from "./invitation.ts";
import type { Invitation } from "./registration.ts";

const facts: HostFacts = {
  id: "123456789",
  version: "1.4.9",
  idServer: { host: "id.example", port: 21_116 },
  relayServer: undefined,
  givesTickets: false,
};
const asked = (relayServer: string): Invitation =>
  decodeServerMessage(
    encodeServerMessage({ case: "requestRelay", value: { uuid: "u", relayServer, socketAddr: new Uint8Array(8) } }),
  ) as Invitation;

test("a viewer may name the server's own relay, and one that the server has proposed, and no other", () => {
  const relay = { host: "relay.example", port: 443 };
  assert.equal(meet(asked("relay.example:443"), facts, "").type, "declined");
  const meeting = meet(asked("relay.example:443"), { ...facts, proposed: [relay] }, "");
  assert.ok(meeting.type === "relay");
  assert.deepEqual([meeting.relay, meeting.uuid], [relay, "u"]);
  assert.equal(meet(asked("relay.example:444"), { ...facts, proposed: [relay] }, "").type, "declined");
  assert.equal(meet(asked("id.example:21117"), facts, "").type, "relay");
});
