import { answerKeys, type ChannelKeys, type Crypto, Opening, type Random, Sealing } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage } from "@pulpit/wire";
import { LinkError } from "./errors.ts";
import type { Clock, Link } from "./link.ts";
import { over } from "./over.ts";
import { sealed } from "./sealed.ts";

/** A server that has anything to say first says it at once; stock ones never do. Ms. */
const OFFER_WITHIN = 3_000;

/**
 * A connection to an ID server, encrypted with a key that only the owner of `serverKey` (32 bytes) can have agreed to.
 * Empty messages, by which the server shows that it is there, are answered; `beaten` hears of them.
 * @throws LinkError timed-out when the server offers no encryption, as stock ones; wrong-key when it is not the right one
 * Source: docs/protocol/rendezvous.md, sections 4.3 and 4.23.
 */
export async function encryptedServerLink(
  link: Link,
  options: {
    readonly crypto: Crypto;
    readonly random: Random;
    readonly clock: Clock;
    readonly serverKey: Uint8Array;
    readonly beaten: () => void;
  },
): Promise<{ readonly link: Link; readonly keys: ChannelKeys["type"] }> {
  const { crypto, random, serverKey } = options;
  const offer = await offered(link, options.clock);
  const box = crypto.boxKeyPair(random.bytes(32));
  const sessionKey = random.bytes(32);
  const message = decodeServerMessage(offer);
  const mine = { serverKey, box, sessionKey };
  const answer = message.case === "keyExchange" ? answerKeys(crypto, message.value, mine) : undefined;
  if (answer === undefined) throw new LinkError("wrong-key", "the server has another key");
  await link.send(encodeServerMessage(answer.message));
  const { toServer, toClient, type } = answer.keys;
  const plain = answeringBeats(link, options.beaten);
  return { link: sealed(plain, new Sealing(crypto, toServer), new Opening(crypto, toClient)), keys: type };
}

async function offered(link: Link, clock: Clock): Promise<Uint8Array> {
  const silent = Promise.withResolvers<never>();
  const cancel = clock.alarm(clock.now() + OFFER_WITHIN, () =>
    silent.reject(new LinkError("timed-out", "the server offers no encryption")),
  );
  try {
    const first = await Promise.race([link.receive(), silent.promise]);
    if (first === undefined) throw new LinkError("closed", "the server closed the connection");
    return first;
  } finally {
    cancel();
  }
}

/**
 * Answers the empty messages by which a server shows that it is there, and asks whether its client is; `beaten` hears of
 * them. They stay unencrypted and would never get through a seal.
 */
export function answeringBeats(link: Link, beaten: () => void): Link {
  return over(link, {
    async receive() {
      for (;;) {
        const message = await link.receive();
        if (message === undefined || message.length > 0) return message;
        beaten();
        await link.send(message);
      }
    },
  });
}
