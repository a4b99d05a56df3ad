import assert from "node:assert/strict";
import { test } from "node:test";
import { type DatagramSocket, LinkError } from "@pulpit/link";
import { dial, openUdp } from "@pulpit/link-node";
import { decodeSocketAddress, encodeServerMessage, RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { loopbackAddress, outerAddress } from "./addresses.ts";
import { everyMessage } from "./every-message.ts";
import { Device, randomId } from "./legitimate.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { pause } from "./timing.ts";

/** The server answers within a millisecond or not at all. */
const ANSWER_TAKES = 40;
/** Largest answer to a NAT test, bytes: the one answer that is longer than its question (chapter 9, row 17). */
const NAT_ANSWER = 7;

/** A socket, and all that came to it. */
class Ear implements AsyncDisposable {
  readonly socket: DatagramSocket;
  readonly heard: Uint8Array[] = [];

  constructor(socket: DatagramSocket) {
    this.socket = socket;
    void this.#listen();
  }

  async #listen(): Promise<void> {
    for (let next = await this.socket.receive(); next !== undefined; next = await this.socket.receive()) {
      this.heard.push(next.data);
    }
  }

  get bytes(): number {
    return this.heard.reduce((sum, { length }) => sum + length, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.socket.close();
  }
}

const ear = async (host: string, port = 0): Promise<Ear> => new Ear(await openUdp({ host, port }));

/** Sends each message from an address of its own and gives those that made the server send too much. */
async function excess(
  server: ServerProcess,
  messages: readonly { name: string; bytes: Uint8Array }[],
): Promise<string[]> {
  const to = { host: "127.0.0.1", port: server.ports.main };
  const excessive: string[] = [];
  let source = 0;
  for (const { name, bytes } of messages) {
    await using sender = await ear(loopbackAddress(source++));
    // Another program at the same address: an answer belongs to the socket that asked.
    await using neighbour = await ear(loopbackAddress(source - 1));
    sender.socket.send(bytes, to);
    await pause(ANSWER_TAKES);
    const allowed = name.startsWith("testNatRequest") ? Math.max(NAT_ANSWER, bytes.length) : bytes.length;
    if (sender.bytes > allowed) excessive.push(`${name}: ${bytes.length} bytes bring ${sender.bytes}`);
    if (neighbour.bytes > 0) excessive.push(`${name}: the neighbour got ${neighbour.bytes} bytes`);
  }
  return excessive;
}

test("no datagram of a stranger brings more bytes than it has, and none to anybody else", async (t) => {
  await using server = await startServer();
  await using device = await Device.at(server, "127.0.0.1");
  assert.equal(await device.register(), Result.OK);
  await using target = await ear("127.0.0.2");
  const bait = { host: "127.0.0.2", port: target.socket.localPort };
  const messages = [
    ...everyMessage({ id: device.id, key: server.key, bait }),
    ...everyMessage({ id: randomId(), key: "", bait }),
  ];
  const excessive = await excess(server, messages);
  t.diagnostic(`${messages.length} datagrams`);
  assert.deepEqual(excessive, []);
  assert.equal(target.bytes, 0, "something was sent to an address that a datagram named");
  assert.equal(device.unread, 0, "a device was sent what a stranger wanted");
  assert.equal(server.ended, undefined, server.words());
});

test("no datagram of a stranger reaches a viewer who waits, or the device that was called", async (t) => {
  const outer = outerAddress();
  if (outer === undefined) return t.skip("this machine has loopback addresses only, which count as one machine");
  await using server = await startServer();
  await using device = await Device.at(server, outer);
  assert.equal(await device.register(), Result.OK);
  const signal = AbortSignal.timeout(60_000);
  const viewer = await dial(`127.0.0.1:${server.ports.main}`, { route: "server", signal });
  const heard: Uint8Array[] = [];
  const listening = (async () => {
    for (let next = await viewer.receive(); next !== undefined; next = await viewer.receive()) heard.push(next);
  })().catch((error: unknown) => assert.ok(error instanceof LinkError));
  const request = { id: device.id, licenceKey: server.key, forceRelay: true };
  await viewer.send(encodeServerMessage({ case: "punchHoleRequest", value: request }));
  const { socketAddr } = (await device.next("punchHole", signal)).value;
  const { host, port } = decodeSocketAddress(socketAddr);

  // The address of the viewer is what an answer is recognised by; a stranger may have guessed it.
  const messages = everyMessage({ id: device.id, key: server.key, bait: { host, port } });
  assert.deepEqual(await excess(server, messages), []);
  assert.equal(heard.length, 0, "a viewer was sent what a stranger made up");
  assert.equal(device.unread, 0, "a device was sent what a stranger wanted");

  // The device itself gets through: it was not the viewer who heard nothing.
  device.send({ case: "punchHoleSent", value: { socketAddr, id: device.id, version: "1.4.9" } });
  await pause(500);
  assert.equal(heard.length, 1);
  assert.equal(device.unread, 0);
  await viewer.close();
  await listening;
});

test("who floods the server with NAT tests gets fewer and fewer answers, others get theirs", async (t) => {
  await using server = await startServer();
  const to = { host: "127.0.0.1", port: server.ports.main };
  const request = encodeServerMessage({ case: "testNatRequest", value: {} });
  const source = loopbackAddress(0);
  const answers: number[] = [];
  for (let second = 0; second < 5; second++) {
    // A new socket each time: what is counted is the address, not the port.
    await using sender = await ear(source);
    for (let i = 0; i < 150; i++) sender.socket.send(request, to);
    await pause(1000);
    assert.ok(sender.heard.every(({ length }) => length <= NAT_ANSWER));
    answers.push(sender.heard.length);
  }
  await using other = await ear(loopbackAddress(1));
  other.socket.send(request, to);
  await pause(ANSWER_TAKES);
  t.diagnostic(`answers to 150 questions in each second: ${answers.join(", ")}`);
  assert.ok((answers[0] as number) > 0, "no answer at all");
  assert.equal(answers.at(-1), 0);
  assert.deepEqual(
    answers,
    answers.toSorted((a, b) => b - a),
  );
  // 3 bytes bring 7: over the minute, less than a tenth of what was sent comes back.
  assert.ok(answers.reduce((sum, count) => sum + count, 0) * NAT_ANSWER < (750 * request.length) / 2, `${answers}`);
  assert.equal(other.heard.length, 1);
});

test("who asks as a device that never registered gets fewer answers than questions", async (t) => {
  await using server = await startServer();
  await using sender = await ear(loopbackAddress(0));
  const question = encodeServerMessage({ case: "registerPeer", value: { id: "123456789" } });
  for (let i = 0; i < 1000; i++) sender.socket.send(question, { host: "127.0.0.1", port: server.ports.main });
  await pause(500);
  t.diagnostic(`${sender.heard.length} answers to 1000 questions within a second`);
  // docs/limits.md: 200 datagrams of one address in a second; the flood may fall into two seconds.
  assert.ok(sender.heard.length <= 400);
});
