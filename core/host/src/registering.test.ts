import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type DatagramSocket, Inbox, type Link, LinkError, memoryLinks, sealed } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import { Opening, offerKeys, Sealing, takeKeys } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type ServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { standingClock } from "../test/standing-clock.ts";
import type { HostOptions, HostWorld } from "./options.ts";
import { keepRegistered, type RegistrationNews } from "./registering.ts";

const crypto = nodeCrypto();
const random = nodeRandom();
const keys = crypto.signKeyPair(random.bytes(32));
const options: HostOptions = {
  id: "123456789",
  identity: crypto.signKeyPair(random.bytes(32)),
  uuid: random.bytes(16),
  allowPlaintext: false,
  idServer: { host: "id.example", port: 21116 },
  serverKey: Buffer.from(keys.publicKey).toString("base64"),
};

/** A socket that swallows everything and says that it was used. */
function deafSocket(used: () => void): DatagramSocket {
  const closed = Promise.withResolvers<undefined>();
  return {
    localPort: 1,
    receive: () => closed.promise,
    send: used,
    close: async () => closed.resolve(undefined),
  };
}

/** Runs a registration against connections that `serve` answers; stops when `serve` says so. */
async function registered(
  serve: (link: Link, stop: () => void) => Promise<void>,
): Promise<{ news: RegistrationNews[]; datagrams: number }> {
  const abort = new AbortController();
  const news: RegistrationNews[] = [];
  let datagrams = 0;
  const world: HostWorld = {
    crypto,
    // No chance in when it comes back: at once.
    random: { bytes: (length) => (length === 1 ? new Uint8Array(1) : random.bytes(length)) },
    compression: nodeCompression(),
    clock: nodeClock(),
    async dial() {
      const [mine, theirs] = memoryLinks();
      void serve(theirs, () => abort.abort());
      return mine;
    },
    openDatagrams: async () =>
      deafSocket(() => {
        datagrams += 1;
        abort.abort();
      }),
  };
  await assert.rejects(
    keepRegistered(options, world, (each) => news.push(each), abort.signal),
    (error) => error instanceof LinkError && error.code === "aborted",
  );
  return { news, datagrams };
}

/** The server's end of an encrypted connection. */
async function encrypted(link: Link, secretKey = keys.secretKey): Promise<Link> {
  const box = crypto.boxKeyPair(random.bytes(32));
  await link.send(encodeServerMessage(offerKeys(crypto, box, secretKey)));
  const answer = await next(link);
  const channel = answer.case === "keyExchange" ? takeKeys(crypto, box, secretKey, answer.value) : undefined;
  assert.ok(channel?.type === "separate");
  return sealed(link, new Sealing(crypto, channel.toClient), new Opening(crypto, channel.toServer));
}

async function next(link: Link): Promise<ServerMessage> {
  return decodeServerMessage((await link.receive()) ?? assert.fail("the host hung up"));
}

const OK: ServerMessageInit = { case: "registerPkResponse", value: { result: 0, keepAlive: 60 } };

test("a host registers encrypted, answers beats, and comes back when its connection is lost", async () => {
  let connections = 0;
  const { news, datagrams } = await registered(async (link, stop) => {
    connections += 1;
    const secret = await encrypted(link);
    assert.equal((await next(secret)).case, "registerPk");
    await secret.send(encodeServerMessage(OK));
    await link.send(new Uint8Array(0));
    assert.equal((await link.receive())?.length, 0);
    if (connections === 2) stop();
    else await link.close();
  });
  assert.deepEqual(
    news.map(({ type }) => type),
    ["registered", "offline", "registered"],
  );
  assert.equal(datagrams, 0);
});

test("with a server that offers nothing, or closes, it registers by datagrams", async () => {
  const { news, datagrams } = await registered(async (link) => link.close());
  assert.deepEqual(news, []);
  assert.equal(datagrams, 1);
});

test("a server with another key is told nothing about this host, by datagram neither, and asked again later", async () => {
  const heard: (Uint8Array | undefined)[] = [];
  const { news, datagrams } = await registered(async (link, stop) => {
    const box = crypto.boxKeyPair(random.bytes(32));
    const impostor = crypto.signKeyPair(random.bytes(32));
    await link.send(encodeServerMessage(offerKeys(crypto, box, impostor.secretKey)));
    heard.push(await link.receive());
    if (heard.length === 2) stop();
  });
  assert.deepEqual(heard, [undefined, undefined]);
  assert.deepEqual(new Set(news.map(({ type }) => type)), new Set(["impostor"]));
  assert.equal(datagrams, 0);
});

test("when somebody removes the server's offer of separate keys, it tries again and sends no datagram", async () => {
  let connections = 0;
  const { news, datagrams } = await registered(async (link, stop) => {
    connections += 1;
    if (connections === 2) return stop();
    const box = crypto.boxKeyPair(random.bytes(32));
    const offer = offerKeys(crypto, box, keys.secretKey);
    assert.ok(offer.case === "keyExchange");
    await link.send(encodeServerMessage({ case: "keyExchange", value: { ...offer.value, extensions: [] } }));
    const answer = await next(link);
    const channel = answer.case === "keyExchange" ? takeKeys(crypto, box, keys.secretKey, answer.value) : undefined;
    assert.ok(channel?.type === "shared");
    const secret = sealed(link, new Sealing(crypto, channel.toClient), new Opening(crypto, channel.toServer));
    assert.equal((await next(secret)).case, "registerPk");
    await secret.send(encodeServerMessage({ case: "registerPkResponse", value: { result: 0, extensions: [7] } }));
  });
  assert.deepEqual(
    news.map(({ type }) => type),
    ["offline"],
  );
  assert.equal(datagrams, 0);
});

test("a host that had to register by datagram tries a connection again, where the server takes them", async () => {
  for (const [extensions, tries] of [
    [[1, 7], 2],
    [[], 1],
  ] as const) {
    const clock = standingClock();
    const abort = new AbortController();
    let dialled = 0;
    const world: HostWorld = {
      ...{ crypto, random, clock, compression: nodeCompression() },
      async dial() {
        dialled += 1;
        throw new LinkError("refused");
      },
      async openDatagrams(from) {
        const answers = new Inbox<Uint8Array | undefined>();
        return {
          localPort: 1,
          async receive() {
            await answers.ready();
            const data = answers.take();
            return data && { data, from };
          },
          send(data) {
            const { case: kind } = decodeServerMessage(data);
            const value = { extensions: [...extensions] };
            if (kind === "registerPk") answers.put(encodeServerMessage({ case: "registerPkResponse", value }));
            else answers.put(encodeServerMessage({ case: "registerPeerResponse", value: {} }));
          },
          close: async () => answers.put(undefined),
        };
      },
    };
    const over = keepRegistered(options, world, () => undefined, abort.signal);
    await clock.advance(15 * 60_000);
    assert.equal(dialled, tries);
    abort.abort();
    await assert.rejects(over, { code: "aborted" });
  }
});

test("a computer that has no network yet goes on trying, and is found as soon as it has one", async () => {
  const abort = new AbortController();
  const news: string[] = [];
  let attempts = 0;
  const world: HostWorld = {
    crypto,
    random: { bytes: (length) => (length === 1 ? new Uint8Array(1) : random.bytes(length)) },
    compression: nodeCompression(),
    clock: nodeClock(),
    dial: async () => {
      throw new LinkError("not-found", "no name is resolved");
    },
    async openDatagrams() {
      attempts += 1;
      if (attempts < 3) throw new LinkError("not-found", "no name is resolved");
      return deafSocket(() => abort.abort());
    },
  };
  const ended = keepRegistered(options, world, ({ type }) => news.push(type), abort.signal);
  await assert.rejects(ended, { name: "LinkError", code: "aborted" });
  assert.deepEqual([attempts, news], [3, ["offline", "offline"]]);
});
