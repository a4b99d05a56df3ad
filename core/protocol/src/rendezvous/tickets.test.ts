import assert from "node:assert/strict";
import { test } from "node:test";
import { HOST, ID, IdServer, onStream, sentIn, told, VIEWER } from "../../test/id-server.ts";
import { Extension } from "../extensions.ts";

const UUID = "0b7e0c1e-0000-4000-8000-000000000000";
const HOST_STREAM = onStream({ ...HOST, port: 50_001 }, 2);
const text = (ticket: Uint8Array): string => new TextDecoder().decode(ticket);

function server(): IdServer {
  const started = new IdServer({ requiredKey: undefined });
  started.register();
  return started;
}

test("when the host begins the relay, both ends get a ticket for its uuid, a stock host nothing it would not read", () => {
  for (const extensions of [[Extension.ticket], []]) {
    const idServer = server();
    const [call] = idServer.answers(
      { case: "punchHoleRequest", value: { id: ID, forceRelay: true } },
      onStream(VIEWER, 1),
    );
    assert.ok(call?.case === "punchHole");
    const union = { case: "id" as const, value: ID };
    const value = { socketAddr: call.value.socketAddr, uuid: UUID, version: "1.4.9", union, extensions };
    const effects = idServer.handle({ case: "relayResponse", value }, HOST_STREAM);
    const viewers = told(effects);
    assert.ok(viewers?.case === "relayResponse" && text(viewers.value.relayTicket) === `ticket for ${UUID}`);
    const hosts = sentIn(effects.filter((effect) => effect.type === "send" && effect.connection === 2));
    assert.equal(hosts.length, extensions.length);
    for (const sent of hosts) assert.ok(sent.case === "relayResponse" && text(sent.value.relayTicket).endsWith(UUID));
    assert.equal(effects.at(-1)?.type, "close");
  }
});

test("when the viewer begins it, both get one for the viewer's uuid, whatever ticket anybody sends along", () => {
  const idServer = server();
  const forged = new TextEncoder().encode("forged");
  const value = { id: ID, uuid: UUID, secure: true, relayTicket: forged };
  const [wish] = idServer.answers({ case: "requestRelay", value }, onStream(VIEWER, 1));
  assert.ok(wish?.case === "requestRelay" && text(wish.value.relayTicket) === `ticket for ${UUID}`);
  const answer = { socketAddr: wish.value.socketAddr, version: "1.4.9", relayTicket: forged };
  const sent = told(idServer.handle({ case: "relayResponse", value: answer }, HOST_STREAM));
  assert.ok(sent?.case === "relayResponse" && text(sent.value.relayTicket) === `ticket for ${UUID}`);
});

test("a device that registers is told that there are tickets", () => {
  const value = { id: ID, uuid: new Uint8Array(16), pk: new Uint8Array(32) };
  const [sent] = new IdServer().answers({ case: "registerPk", value }, HOST);
  assert.ok(sent?.case === "registerPkResponse" && sent.value.extensions.includes(Extension.ticket));
});
