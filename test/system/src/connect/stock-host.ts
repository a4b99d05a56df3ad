import { type Link, LinkError } from "@pulpit/link";
import { listenDirect } from "@pulpit/link-node";
import { decodeMessage, encodeMessage, type PeerMessageInit } from "@pulpit/wire";

/** A host that talks at its address as stock ones do: openly, and first. */
export interface StockHost extends AsyncDisposable {
  readonly port: number;
  /** Cases of what viewers said, in their order. */
  readonly heard: readonly string[];
}

const HASH: PeerMessageInit = { case: "hash", value: { salt: "salt", challenge: "p4q9ra" } };
const DISPLAYS = [{ width: 800, height: 600, name: "a", online: true }];
const WELCOME: PeerMessageInit = {
  case: "loginResponse",
  value: {
    union: {
      case: "peerInfo",
      value: { hostname: "old-desk", platform: "Linux", version: "1.4.9", displays: DISPLAYS },
    },
  },
};

/** Lets everybody in who gives any password, and shows nothing. */
export async function startStockHost(): Promise<StockHost> {
  const heard: string[] = [];
  const links = new Set<Link>();
  const serve = async (link: Link): Promise<void> => {
    links.add(link);
    await link.send(encodeMessage(HASH));
    for (let bytes = await link.receive(); bytes !== undefined; bytes = await link.receive()) {
      const message = decodeMessage(bytes);
      heard.push(message.case ?? "");
      // Without a password somebody asks for a click: nothing is said, and they may wait.
      const isProof = message.case === "loginRequest" && message.value.password.length > 0;
      if (isProof) await link.send(encodeMessage(WELCOME));
    }
  };
  const listening = await listenDirect(0, 64 * 1024, (link) => {
    serve(link)
      .catch((error: unknown) => {
        if (!(error instanceof LinkError)) throw error;
      })
      .finally(() => links.delete(link));
  });
  return {
    port: listening.port,
    heard,
    async [Symbol.asyncDispose]() {
      const closed = listening.close();
      for (const link of links) void link.close();
      await closed;
    },
  };
}
