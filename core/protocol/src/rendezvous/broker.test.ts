import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerMessageInit } from "@pulpit/wire";
import { HOST, ID, IdServer, KEY, onStream, sentIn, told, VIEWER } from "../../test/id-server.ts";

const UUID = "0b7e0c1e-0000-4000-8000-000000000000";
const SERVERS = ["id.example"];

test("only the host that was asked may answer, and only once", () => {
  const server = new IdServer();
  server.register();
  const request = { id: ID, licenceKey: KEY, forceRelay: true };
  const [call] = server.answers({ case: "punchHoleRequest", value: request }, onStream(VIEWER, 1));
  assert.ok(call?.case === "punchHole");
  const { socketAddr } = call.value;
  const value = { socketAddr, uuid: UUID, version: "1.4.9", union: { case: "id" as const, value: ID } };
  const heard = (host: string): boolean =>
    told(server.handle({ case: "relayResponse", value }, onStream({ host, port: 1 }, 5))) !== undefined;
  assert.equal(heard("192.0.2.66"), false);
  assert.equal(heard(HOST.host), true);
  assert.equal(heard(HOST.host), false);
});

test("a NAT test is told the port, and the newer list of servers where it may be longer than the question", () => {
  const server = new IdServer({ update: { serial: 7, servers: SERVERS } });
  const natTest = { case: "testNatRequest", value: { serial: 3 } } as const;
  const [byStream] = server.answers(natTest, onStream(VIEWER, 1));
  assert.ok(byStream?.case === "testNatResponse" && byStream.value.port === VIEWER.port);
  assert.deepEqual([byStream.value.cu?.serial, byStream.value.cu?.rendezvousServers], [7, SERVERS]);
  const [byDatagram] = server.answers(natTest, VIEWER);
  assert.ok(byDatagram?.case === "testNatResponse" && byDatagram.value.cu === undefined);
  const [current] = server.answers({ case: "testNatRequest", value: { serial: 7 } }, onStream(VIEWER, 2));
  assert.ok(current?.case === "testNatResponse" && current.value.cu === undefined);
});

test("a registered device hears of a newer list of servers once, a stranger never", () => {
  const server = new IdServer({ update: { serial: 7, servers: SERVERS } });
  const beat = { case: "registerPeer", value: { id: ID, serial: 3 } } as const;
  assert.deepEqual(
    server.answers(beat, HOST).map((sent) => sent.case),
    ["registerPeerResponse"],
  );
  server.register();
  assert.deepEqual(
    server.answers(beat, HOST).map((sent) => sent.case),
    ["registerPeerResponse", "configureUpdate"],
  );
  assert.deepEqual(
    server.answers(beat, HOST).map((sent) => sent.case),
    ["registerPeerResponse"],
  );
  assert.deepEqual(
    server.answers(beat, VIEWER).map((sent) => sent.case),
    ["registerPeerResponse"],
  );
});

test("one address may try out only so many IDs, whatever it asks", () => {
  const server = new IdServer();
  server.register();
  const question: ServerMessageInit = { case: "onlineRequest", value: { id: "1", peers: [ID, "987654321"] } };
  const first = server.answers(question, onStream(VIEWER, 1));
  assert.ok(first[0]?.case === "onlineResponse");
  assert.deepEqual([...first[0].value.states], [0x80]);
  const asked = (count: number, what: ServerMessageInit): number =>
    Array.from({ length: count }, (_, i) => server.answers(what, onStream(VIEWER, i + 2)).length).filter(Boolean)
      .length;
  assert.equal(asked(700, question), 599);
  // Large questions are used up sooner: it is IDs that are tried out.
  const greedy = new IdServer();
  const many: ServerMessageInit = { case: "onlineRequest", value: { peers: Array<string>(1000).fill(ID) } };
  const served = Array.from({ length: 50 }, (_, i) => greedy.answers(many, onStream(VIEWER, i + 2)).length);
  assert.equal(served.filter(Boolean).length, 30);
  assert.equal(server.answers(question, onStream({ host: "192.0.2.9", port: 1 }, 900)).length, 1);
  const call = { case: "punchHoleRequest", value: { id: "987654321", licenceKey: KEY } } as const;
  const refusals = Array.from({ length: 121 }, (_, i) => server.answers(call, onStream(VIEWER, i + 2))[0]);
  const last = refusals.at(-1);
  assert.ok(last?.case === "punchHoleResponse" && /Too many calls/.test(last.value.otherFailure));
});

test("where unknown IDs are hidden, one that nobody has looks like one that is offline", () => {
  const ask = (server: IdServer, id: string): number | undefined => {
    const [sent] = server.answers(
      { case: "punchHoleRequest", value: { id, licenceKey: KEY } },
      onStream(VIEWER, 1),
      60_000,
    );
    return sent?.case === "punchHoleResponse" ? sent.value.failure : undefined;
  };
  const open = new IdServer();
  const hiding = new IdServer({ hideUnknown: true });
  for (const server of [open, hiding]) server.register();
  assert.notEqual(ask(open, ID), ask(open, "987654321"));
  assert.equal(ask(hiding, ID), ask(hiding, "987654321"));
});

test("HTTP over the ID server is refused at once, an old client that asks for a newer one is told where", () => {
  const server = new IdServer({ software: { version: "2.0", url: "https://example.org/client" } });
  const [proxy] = server.answers(
    { case: "httpProxyRequest", value: { method: "GET", path: "/" } },
    onStream(VIEWER, 1),
  );
  assert.ok(proxy?.case === "httpProxyResponse" && proxy.value.error !== "");
  const [update] = server.answers({ case: "softwareUpdate", value: { url: "1.1.0" } }, onStream(VIEWER, 2));
  assert.ok(update?.case === "softwareUpdate" && update.value.url === "https://example.org/client");
  // By datagram only when the answer is no longer than the question.
  assert.deepEqual(server.answers({ case: "softwareUpdate", value: { url: "1.1.0" } }, VIEWER), []);
});

test("a connection that shows a session goes on is kept; without an account it is closed", () => {
  const server = new IdServer();
  const kinds = (token: string): string[] =>
    server.handle({ case: "hc", value: { token } }, onStream(VIEWER, 3)).map(({ type }) => type);
  assert.deepEqual(kinds("token"), ["send", "keep"]);
  assert.deepEqual(kinds(""), ["close"]);
});

test("orders of an administrator are taken from nobody on the network, nor what only servers say", () => {
  const server = new IdServer();
  server.register();
  for (const host of ["127.0.0.1", VIEWER.host]) {
    const from = { host, port: 9 };
    const update: ServerMessageInit = {
      case: "configureUpdate",
      value: { serial: 9, rendezvousServers: ["evil.example"] },
    };
    assert.deepEqual(sentIn(server.handle(update, from)), []);
    assert.deepEqual(server.handle(update, onStream(from, 4)), [{ type: "close", connection: 4 }]);
    const response = { case: "registerPkResponse", value: { result: 2 } } as const;
    assert.deepEqual(server.handle(response, onStream(from, 4)), [{ type: "close", connection: 4 }]);
  }
});
