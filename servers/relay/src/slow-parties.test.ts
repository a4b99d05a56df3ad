import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { framed, type Link } from "@pulpit/link";
import { socketStream } from "@pulpit/link-node";
import { joinRelay } from "@pulpit/protocol";
import { encodeServerMessage } from "@pulpit/wire";
import { exchange, pair as joinedPair, LOCAL, PATHS, started } from "../test/running.ts";
import { FIRST_MESSAGE_WITHIN, IDLE_LIMIT, MAX_WAITING_PER_ADDRESS } from "./config.ts";

async function opened(port: number): Promise<{ socket: Socket; closed: Promise<void> }> {
  const socket = connect(port, LOCAL);
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise((resolve) => socket.once("connect", resolve));
  return { socket, closed };
}

async function party(port: number, uuid: string): Promise<Link> {
  const { socket } = await opened(port);
  const link = framed(socketStream(socket, "relay"), 1024);
  await link.send(encodeServerMessage(joinRelay({ uuid, licenceKey: "" })));
  return link;
}

/** Says this and then nothing. */
async function hesitating(port: number, bytes: readonly number[]): Promise<{ closed: Promise<void> }> {
  const { socket, closed } = await opened(port);
  socket.resume();
  if (bytes.length > 0) await new Promise((resolve) => socket.write(Uint8Array.from(bytes), resolve));
  return { closed };
}

/** Whoever came before this one has been taken in by the relay when it is over. */
async function turnedAway(port: number): Promise<void> {
  const nobody = await party(port, "");
  assert.equal(await nobody.receive(), undefined);
  await nobody.close();
}

test("who never finishes its first message is let go of; a pair goes on", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await using relay = await started({ policy: "open" });
  const { main } = relay.ports;
  const [a, b] = await joinedPair(relay, "u1");
  const slow = await Promise.all([[], [0x01], [0x28], [0x28, 1, 2, 3]].map((bytes) => hesitating(main, bytes)));
  await turnedAway(main);
  await exchange(a, b);
  // The pair's own clock is not the timers': it has moved something just now.
  t.mock.timers.tick(Math.max(FIRST_MESSAGE_WITHIN, IDLE_LIMIT) + 1);
  await Promise.all(slow.map(({ closed }) => closed));
  await exchange(a, b);
  await Promise.all([a.close(), b.close()]);
});

test("one address may let only so many wait; one more is sent away, and a pair can still meet", async () => {
  await using relay = await started({ policy: "open" });
  const { main } = relay.ports;
  const waiting: Link[] = [];
  for (let i = 0; i < MAX_WAITING_PER_ADDRESS - 1; i++) waiting.push(await party(main, `w${i}`));
  const [a, b] = await joinedPair(relay, "meets");
  waiting.push(await party(main, "last"));
  await turnedAway(main);
  // Whoever is beyond the number is closed; who is within waits on.
  const beyond = await party(main, "beyond");
  const first = await Promise.race([
    beyond.receive().then((message) => ["beyond", message]),
    ...waiting.map((link) => link.receive().then((message) => ["waiting", message])),
  ]);
  assert.deepEqual(first, ["beyond", undefined]);
  const partner = await party(main, "w0");
  await partner.send(Uint8Array.of(7));
  await exchange(a, b);
  await Promise.all([a, b, partner, beyond, ...waiting].map((link) => link.close()));
});

test("a party that breaks off in the middle of a message ends its partner's connection, and no other", async () => {
  await using relay = await started({ policy: "open" });
  const { main } = relay.ports;
  const [c, d] = await joinedPair(relay, "others");
  const { socket } = await opened(main);
  await framed(socketStream(socket, "relay"), 1024).send(
    encodeServerMessage(joinRelay({ uuid: "torn", licenceKey: "" })),
  );
  const partner = await party(main, "torn");
  // Announces 10 bytes, brings 2.
  await new Promise((resolve) => socket.write(Uint8Array.of(10 << 2, 1, 2), resolve));
  socket.resetAndDestroy();
  await partner.receive().then(
    (message) => assert.equal(message, undefined),
    (error) => assert.ok(["closed", "reset", "malformed"].includes(error.code), error.code),
  );
  await exchange(c, d);
  await Promise.all([c, d, partner].map((link) => link.close()));
});

for (const dataPath of PATHS) {
  test(`${dataPath}: a party that stops reading makes its partner wait, and gets everything when it reads again`, async () => {
    await using relay = await started({ policy: "open", dataPath });
    const { main } = relay.ports;
    const [writer, reader] = await joinedPair(relay, "deaf");
    const piece = new Uint8Array(256 * 1024).fill(7);
    let sent = 0;
    let over = false;
    const writing = (async () => {
      while (!over) {
        await writer.send(piece);
        sent += 1;
      }
    })();
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    assert.ok(sent * piece.length < 64 * 1024 * 1024, `${sent} pieces were taken for somebody who does not read`);
    over = true;
    for (let i = 0; i <= before; i++) assert.equal((await reader.receive())?.length, piece.length);
    await writing;
    await turnedAway(main);
    await Promise.all([writer.close(), reader.close()]);
  });
}
