// A stock client's day, in the bytes of docs/protocol/wire.md, section 2.4: nothing of ours encodes or decodes here.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { folder, LOCAL, started } from "../test/running.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const ID = "333333333";

/** RegisterPk of a device with this ID: uuid of 16 bytes, key of 32. */
const registerPk = (id: string): Buffer =>
  Buffer.concat([hex("7a3f0a09"), Buffer.from(id), hex("1210"), Buffer.alloc(16, 5), hex("1a20"), Buffer.alloc(32, 6)]);
const registerPeer = (id: string): Buffer => Buffer.concat([hex("320d0a09"), Buffer.from(id), hex("1003")]);

/** Sends datagrams from one socket, and gives each one's answer. */
async function byDatagram(port: number, datagrams: readonly Buffer[]): Promise<{ port: number; answers: string[] }> {
  const socket = createSocket("udp4");
  socket.bind(0, LOCAL);
  await once(socket, "listening");
  const answers: string[] = [];
  for (const datagram of datagrams) {
    socket.send(datagram, port, LOCAL);
    const [answer] = (await once(socket, "message")) as [Buffer];
    answers.push(answer.toString("hex"));
  }
  const mine = socket.address().port;
  socket.close();
  return { port: mine, answers };
}

/** Everything that comes back on a TCP connection until the server ends it, and the port it came from. */
async function byStream(port: number, bytes: Buffer): Promise<{ port: number; answer: string }> {
  const socket = connect(port, LOCAL);
  await once(socket, "connect");
  const mine = socket.localPort as number;
  socket.write(bytes);
  const parts: Buffer[] = [];
  socket.on("data", (part) => parts.push(part));
  await once(socket, "close");
  return { port: mine, answer: Buffer.concat(parts).toString("hex") };
}

/** A number as protobuf writes it. */
const varint = (value: number): string =>
  value < 128
    ? value.toString(16).padStart(2, "0")
    : ((value & 127) | 128).toString(16).padStart(2, "0") + varint(value >> 7);

test("a device registers, is asked for its key once, and stays", async () => {
  using place = folder();
  await using server = await started(place.path);
  const { answers } = await byDatagram(server.ports.main, [registerPeer(ID), registerPk(ID), registerPeer(ID)]);
  assert.equal(answers[0], "3a021001");
  // OK is no byte at all; what Pulpit adds has a number that stock clients skip (1000 and above).
  assert.match(answers[1] as string, /^8201(00|05c23e0201..|..c23e.*)$/);
  assert.equal(answers[2], "3a00");
});

test("a thief of an ID is told UUID_MISMATCH, and only who is one", async () => {
  using place = folder();
  await using server = await started(place.path);
  const thief = registerPk(ID);
  thief.fill(9, 15, 31);
  const { answers } = await byDatagram(server.ports.main, [registerPk(ID), thief, registerPk(ID)]);
  assert.match(answers[1] as string, /^8201..0802/);
  assert.doesNotMatch(answers[2] as string, /^8201..08/);
});

test("the NAT test tells the port on both stream ports and by datagram", async () => {
  using place = folder();
  await using server = await started(place.path);
  for (const port of [server.ports.main, server.ports.natTest]) {
    const tested = await byStream(port, hex("0ca20100"));
    const inner = `08${varint(tested.port)}`;
    assert.equal(tested.answer, `1caa01${varint(inner.length / 2)}${inner}`);
  }
  const tested = await byDatagram(server.ports.main, [hex("a20100")]);
  const inner = `08${varint(tested.port)}`;
  assert.equal(tested.answers[0], `aa01${varint(inner.length / 2)}${inner}`);
});

test("the list of computers asks who is online", async () => {
  using place = folder();
  await using server = await started(place.path);
  await byDatagram(server.ports.main, [registerPk(ID)]);
  const question = hex("94ba01220a0a3131313131313131313112093232323232323232321209333333333333333333");
  const { answer } = await byStream(server.ports.natTest, question);
  assert.equal(answer, "18c201030a0140");
});

test("a stock ID change is answered on a connection that never exchanges keys", async () => {
  using place = folder();
  await using server = await started(place.path);
  await byDatagram(server.ports.main, [registerPk(ID)]);
  // RegisterPk { id: "new-name", uuid, old_id }, framed; pk is left out.
  const change = Buffer.concat([
    hex("7a270a08"),
    Buffer.from("new-name"),
    hex("1210"),
    Buffer.alloc(16, 5),
    hex("2209"),
    Buffer.from(ID),
  ]);
  const { answer } = await byStream(server.ports.main, Buffer.concat([hex("a4"), change]));
  assert.match(answer, /^..8201/);
  assert.doesNotMatch(answer, /^..8201..08/);
  assert.ok(server.devices.get("new-name") !== undefined);
});
