import assert from "node:assert/strict";
import { test } from "node:test";
import { openUdp, silentLog } from "@pulpit/link-node";
import { canReadDatagrams } from "@pulpit/net-linux";
import { type Endpoint, ONLINE_FOR, Presence } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type ServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { DATAGRAMS_PER_SECOND } from "./config.ts";
import { type DatagramPath, type DatagramPort, openDatagramPort } from "./datagram-port.ts";

const ID = "123456789";
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const registerPeer: ServerMessageInit = { case: "registerPeer", value: { id: ID, serial: 3 } };
const registerPk: ServerMessageInit = { case: "registerPk", value: { id: ID, uuid: bytes(16), pk: bytes(32) } };
const paths: readonly DatagramPath[] = canReadDatagrams() ? ["fast", "portable"] : ["portable"];

/** A port whose server registers whoever asks, and answers everything else it is given with what it was. */
class World implements AsyncDisposable {
  now = 1000;
  readonly presence = new Presence(1000, [1, 2]);
  readonly given: { message: ServerMessage; from: Endpoint }[] = [];
  port!: DatagramPort;

  static async open(
    path: DatagramPath,
    more: { host?: string; port?: number; updateSerial?: number } = {},
  ): Promise<World> {
    const world = new World();
    const { presence } = world;
    const options = {
      port: 0,
      host: undefined,
      receiveBuffer: 1 << 20,
      updateSerial: 0,
      key: [3, 4],
      ...more,
    } as const;
    world.port = await openDatagramPort(
      { ...options, presence, path, now: () => world.now, log: silentLog },
      { received: (data, from) => world.#received(data, from) },
    );
    assert.equal(world.port.path, path);
    return world;
  }

  #received(data: Uint8Array, from: Endpoint): void {
    const message = decodeServerMessage(data);
    this.given.push({ message, from });
    if (message.case === "registerPk") this.presence.registered(message.value.id, from, this.now);
    this.port.send(encodeServerMessage({ case: "registerPkResponse", value: {} }), from);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.port.close();
  }
}

/** A device, with a socket of its own. */
class Device implements AsyncDisposable {
  readonly #socket: Awaited<ReturnType<typeof openUdp>>;
  readonly #to: Endpoint;

  private constructor(socket: Awaited<ReturnType<typeof openUdp>>, to: Endpoint) {
    this.#socket = socket;
    this.#to = to;
  }

  static async at(
    host: string,
    { port }: DatagramPort,
    to = host.includes(":") ? "::1" : "127.0.0.1",
  ): Promise<Device> {
    return new Device(await openUdp({ host, port: 0, ipv6: host.includes(":") }), { host: to, port });
  }

  get port(): number {
    return this.#socket.localPort;
  }

  send(data: Uint8Array): void {
    this.#socket.send(data, this.#to);
  }

  async answer(): Promise<ServerMessage> {
    const datagram = await this.#socket.receive();
    assert.ok(datagram);
    return decodeServerMessage(datagram.data);
  }

  async ask(message: ServerMessageInit): Promise<ServerMessage> {
    this.send(encodeServerMessage(message));
    return await this.answer();
  }

  async requestPk(): Promise<boolean | undefined> {
    const answer = await this.ask(registerPeer);
    return answer.case === "registerPeerResponse" ? answer.value.requestPk : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.close();
  }
}

for (const path of paths) {
  test(`${path}: a device is asked for its key, and known from then on, from where it registered only`, async () => {
    await using world = await World.open(path);
    await using device = await Device.at("127.0.0.1", world.port);
    await using other = await Device.at("127.0.0.1", world.port);
    assert.equal(await device.requestPk(), true);
    assert.equal((await device.ask(registerPk)).case, "registerPkResponse");
    assert.deepEqual(world.given[0]?.from, { host: "127.0.0.1", port: device.port });
    assert.equal(await device.requestPk(), false);
    assert.equal(await other.requestPk(), true);
    assert.equal(world.given.length, 1, "the server was left alone otherwise");
    assert.deepEqual(world.port.stats().answered, 3);
  });

  test(`${path}: a sign of life keeps a device online`, async () => {
    await using world = await World.open(path);
    await using device = await Device.at("127.0.0.1", world.port);
    const from = { host: "127.0.0.1", port: device.port };
    world.presence.registered(ID, from, world.now - ONLINE_FOR - 1);
    assert.equal(world.presence.online(ID, world.now), undefined);
    assert.equal(await device.requestPk(), false);
    assert.deepEqual(world.presence.online(ID, world.now)?.endpoint, from);
  });

  test(`${path}: one port serves IPv4 and IPv6`, async () => {
    await using world = await World.open(path);
    await using six = await Device.at("::1", world.port);
    await using four = await Device.at("127.0.0.1", world.port);
    for (const [device, host] of [
      [six, "::1"],
      [four, "127.0.0.1"],
    ] as const) {
      assert.equal(await device.requestPk(), true);
      await device.ask(registerPk);
      assert.deepEqual(world.presence.get(ID)?.endpoint, { host, port: device.port });
      assert.equal(await device.requestPk(), false);
    }
  });

  test(`${path}: a port bound to one address serves that one`, async () => {
    for (const host of ["127.0.0.1", "::1", "localhost"]) {
      await using world = await World.open(path, { host });
      await using device = await Device.at(host === "::1" ? host : "127.0.0.1", world.port);
      assert.equal(await device.requestPk(), true);
      await device.ask(registerPk);
      assert.equal(await device.requestPk(), false);
    }
  });

  test(`${path}: a device with an old list of servers is left to the server once`, async () => {
    await using world = await World.open(path, { updateSerial: 4 });
    await using device = await Device.at("127.0.0.1", world.port);
    await device.ask(registerPk);
    assert.equal((await device.ask(registerPeer)).case, "registerPkResponse", "by the server");
    assert.ok(world.presence.tellOnce(ID, { host: "127.0.0.1", port: device.port }, world.now));
    assert.equal(await device.requestPk(), false);
  });

  test(`${path}: a device with an unusually long ID is left to the server`, async () => {
    await using world = await World.open(path);
    await using device = await Device.at("127.0.0.1", world.port);
    const message: ServerMessageInit = { case: "registerPeer", value: { id: "x".repeat(40), serial: 3 } };
    await device.ask(message);
    assert.deepEqual(world.given[0]?.message.case, "registerPeer");
  });

  test(`${path}: what is no message of a client is dropped unanswered, and counted`, async () => {
    await using world = await World.open(path);
    await using device = await Device.at("127.0.0.1", world.port);
    const garbage = [bytes(0), bytes(1), bytes(1400), Uint8Array.of(0x32), bytes(1501), bytes(9000)];
    const wanted = encodeServerMessage({ case: "punchHoleRequest", value: { id: ID } });
    for (const data of [...garbage, wanted]) device.send(data);
    assert.equal(await device.requestPk(), true);
    assert.deepEqual(world.given, []);
    const { dropped, received } = world.port.stats();
    assert.deepEqual({ received, ...dropped }, { received: 8, garbage: 7, source: 0, crowd: 0, queue: 0, unsent: 0 });
  });

  test(`${path}: what one source sends above its budget is dropped, and another source is answered`, async () => {
    await using world = await World.open(path);
    await using loud = await Device.at("127.0.0.1", world.port);
    await using quiet = await Device.at("127.0.0.2", world.port);
    const one = encodeServerMessage(registerPeer);
    // In pieces, so that no buffer on the way is what drops them.
    for (let i = 0; world.port.stats().dropped.source < 300; i++) {
      loud.send(one);
      if (i % 50 === 0) await quiet.requestPk();
      if (i > 20 * DATAGRAMS_PER_SECOND) break;
    }
    assert.ok(world.port.stats().dropped.source >= 300);
    assert.equal(await quiet.requestPk(), true);
  });

  test(`${path}: registrations from everywhere at once leave known devices, and other messages, answered`, async () => {
    await using world = await World.open(path);
    await using device = await Device.at("127.0.0.1", world.port);
    await device.ask(registerPk);
    await using crowd = new AsyncDisposableStack();
    const flood: Device[] = [];
    for (let i = 1; i <= 100; i++) flood.push(crowd.use(await Device.at(`127.0.1.${i}`, world.port)));
    const one = encodeServerMessage({ case: "registerPk", value: { id: "987654321", uuid: bytes(16), pk: bytes(32) } });
    for (let i = 0; world.port.stats().dropped.crowd < 100 && i < 1000; i++) {
      for (const each of flood) each.send(one);
      assert.equal(await device.requestPk(), false);
    }
    assert.ok(world.port.stats().dropped.crowd >= 100);
    assert.equal((await device.ask({ case: "testNatRequest", value: {} })).case, "registerPkResponse", "by the server");
  });

  test(`${path}: after close the port is free, and a port that is taken says so`, async () => {
    const first = await World.open(path, { host: "127.0.0.1" });
    const { port } = first.port;
    await assert.rejects(World.open(path, { host: "127.0.0.1", port }), { code: "EADDRINUSE" });
    await first.port.close();
    await using second = await World.open(path, { host: "127.0.0.1", port });
    assert.equal(second.port.port, port);
  });
}
