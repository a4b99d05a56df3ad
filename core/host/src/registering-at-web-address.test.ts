import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type Link, LinkError, memoryLinks } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import {
  decodeServerMessage,
  encodeServerMessage,
  PunchHoleResponse_Failure as Failure,
  RegisterPkResponse_Result as Result,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import { standingClock } from "../test/standing-clock.ts";
import type { HostOptions, HostWorld } from "./options.ts";
import { keepRegistered, type RegistrationNews } from "./registering.ts";

const crypto = nodeCrypto();
const random = nodeRandom();
const serverKey = Buffer.from(random.bytes(32)).toString("base64");
const options: HostOptions = {
  id: "123456789",
  identity: crypto.signKeyPair(random.bytes(32)),
  uuid: random.bytes(16),
  allowPlaintext: false,
  idServer: { url: "wss://id.example", host: "id.example" },
  serverKey,
};
const OK: ServerMessageInit = { case: "registerPkResponse", value: { result: Result.OK, keepAlive: 60 } };
const failed = (failure: Failure): ServerMessageInit => ({ case: "punchHoleResponse", value: { failure } });

function world(dial: HostWorld["dial"]): HostWorld {
  return {
    ...{ crypto, compression: nodeCompression(), clock: nodeClock(), dial },
    // No chance in when it comes back: at once.
    random: { bytes: (length) => (length === 1 ? new Uint8Array(1) : random.bytes(length)) },
    openDatagrams: () => assert.fail("nothing but HTTPS gets out"),
  };
}

/** Runs a registration against connections that `serve` answers; stops when it says so. */
async function registered(serve: (server: Server, stop: () => void) => Promise<void>): Promise<RegistrationNews[]> {
  const abort = new AbortController();
  const news: RegistrationNews[] = [];
  const dial: HostWorld["dial"] = async (address) => {
    assert.equal(address, "wss://id.example/ws/id");
    const [mine, theirs] = memoryLinks();
    void serve(new Server(theirs), () => abort.abort());
    return mine;
  };
  const over = keepRegistered(options, world(dial), (each) => news.push(each), abort.signal);
  await assert.rejects(over, { name: "LinkError", code: "aborted" });
  return news;
}

class Server {
  readonly link: Link;

  constructor(link: Link) {
    this.link = link;
  }

  async heard(): Promise<ServerMessage> {
    return decodeServerMessage((await this.link.receive()) ?? assert.fail("the host hung up"));
  }

  says(message: ServerMessageInit): Promise<void> {
    return this.link.send(encodeServerMessage(message));
  }
}

test("it registers on a WebSocket, answers beats, comes back, and asks about the key once", async () => {
  const heard: (string | undefined)[][] = [];
  const news = await registered(async (server, stop) => {
    const here: (string | undefined)[] = [];
    heard.push(here);
    for (let message = await server.heard(); ; message = await server.heard()) {
      here.push(message.case);
      if (message.case === "registerPk") break;
      assert.equal(message.case === "punchHoleRequest" && message.value.licenceKey, serverKey);
      await server.says(failed(Failure.ID_NOT_EXIST));
    }
    await server.says(OK);
    await server.link.send(new Uint8Array(0));
    assert.equal((await server.link.receive())?.length, 0);
    if (heard.length === 2) stop();
    else await server.link.close();
  });
  assert.deepEqual(heard, [["punchHoleRequest", "registerPk"], ["registerPk"]]);
  assert.deepEqual(
    news.map(({ type }) => type),
    ["registered", "offline", "registered"],
  );
});

test("a server with another key is told nothing about this host, and asked again", async () => {
  let attempts = 0;
  const news = await registered(async (server, stop) => {
    attempts += 1;
    const question = await server.heard();
    assert.ok(question.case === "punchHoleRequest" && question.value.id === "");
    await server.says(failed(Failure.LICENSE_MISMATCH));
    assert.equal(await server.link.receive(), undefined);
    if (attempts === 2) stop();
  });
  assert.deepEqual(new Set(news.map(({ type }) => type)), new Set(["impostor"]));
});

test("a server that takes no registration on WebSockets, as stock ones, is no server that does not answer", async () => {
  const news = await registered(async (server, stop) => {
    await server.heard();
    await server.says(failed(Failure.ID_NOT_EXIST));
    await server.heard();
    await server.says({ case: "registerPkResponse", value: { result: Result.NOT_SUPPORT } });
    await server.link.receive().catch(() => undefined);
    stop();
  });
  assert.deepEqual(news.slice(0, 1), [{ type: "rejected", why: "other" }]);
});

test("a server that is away is tried at growing intervals that stay bounded", async () => {
  const clock = standingClock();
  const abort = new AbortController();
  let attempts = 0;
  const dial = async (): Promise<Link> => {
    attempts += 1;
    throw new LinkError("refused");
  };
  const longest = { bytes: (length: number): Uint8Array => new Uint8Array(length).fill(255) };
  const over = keepRegistered(options, { ...world(dial), clock, random: longest }, () => undefined, abort.signal);
  await new Promise(setImmediate);
  await clock.advance(50_000);
  // After 0, 3, 9, 21 and 45 seconds, and every 30 from then on.
  assert.equal(attempts, 5);
  await clock.advance(300_000);
  assert.equal(attempts, 15);
  abort.abort();
  await assert.rejects(over, { code: "aborted" });
});
