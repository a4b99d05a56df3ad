import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { ffmpegVideoSink, type RgbaPicture } from "@pulpit/codec-ffmpeg";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { dial, nodeClock } from "@pulpit/link-node";
import { formatServerAddress, type ServerAddress } from "@pulpit/protocol";
import {
  type KnownHosts,
  NO_SERVER,
  reachByAddress,
  type ViewerSession,
  type ViewerState,
  type ViewerTarget,
  type ViewerWorld,
  type ViewOptions,
  view,
  type Ways,
} from "@pulpit/viewer";
import type { Servers } from "./world.ts";

/** Longer than anything here takes, ms. */
const PATIENCE = 20_000;

/** A viewer without a screen, over WebSockets like a browser's. */
export interface NodeViewer {
  readonly session: ViewerSession;
  readonly pictures: RgbaPicture[];
  /** Resolves with the first state, now or soon, that fits; rejects when it does not come or the session ends. */
  until(fits: (state: ViewerState) => boolean): Promise<ViewerState>;
}

/** Remembers keys for one test. */
export function memoryKnownHosts(): KnownHosts & { readonly keys: Map<string, Uint8Array> } {
  const keys = new Map<string, Uint8Array>();
  return {
    keys,
    get: async (serverKey, hostId) => keys.get(`${serverKey} ${hostId}`),
    set: async (serverKey, hostId, key) => void keys.set(`${serverKey} ${hostId}`, key),
  };
}

export function lookAt(
  servers: Servers,
  hostId: string,
  options: ViewOptions & {
    readonly knownHosts?: KnownHosts;
    readonly serverKey?: string;
    readonly relay?: string;
    readonly ways?: Ways;
    /** The relay is dialled this much later, ms: a busy machine must not decide a race. */
    readonly relayAfter?: number;
    /** By TCP instead of WebSockets. */
    readonly tcp?: boolean;
  } = {},
): NodeViewer {
  const {
    knownHosts = memoryKnownHosts(),
    serverKey = servers.key.publicText,
    relay,
    ways,
    relayAfter = 0,
    tcp,
    ...rest
  } = options;
  const idServer = `127.0.0.1:${servers.rendezvous.ports.main}`;
  const address = (path: string): string => `${servers.url.replace("http", "ws")}${path}`;
  return looking(
    {
      hostId,
      serverKey,
      idServer: tcp === true ? idServer : address("/ws/id"),
      relayAddress: () => relay ?? address("/ws/relay"),
    },
    {
      async dial(to, how) {
        if (how.route === "relay" && relayAfter > 0) await pause(relayAfter, undefined, { signal: how.signal });
        return dial(to, how);
      },
      ...(ways === undefined ? {} : { ways }),
      knownHosts,
    },
    rest,
  );
}

/** A viewer that goes straight to an address, without any server. */
export function lookAtAddress(
  address: ServerAddress,
  options: ViewOptions & { readonly knownHosts?: KnownHosts } = {},
): NodeViewer {
  const { knownHosts = memoryKnownHosts(), ...rest } = options;
  const nowhere = { idServer: "", relayAddress: () => "" };
  const world = { ...WORLD, dial, knownHosts };
  return looking(
    { hostId: formatServerAddress(address), serverKey: NO_SERVER, ...nowhere },
    { ...world, reach: reachByAddress({ address, allowPlaintext: false }, world, options.trustFingerprint) },
    rest,
  );
}

const WORLD = { crypto: nodeCrypto(), random: nodeRandom(), compression: nodeCompression(), clock: nodeClock() };

function looking(
  target: ViewerTarget,
  world: Pick<ViewerWorld, "dial" | "ways" | "reach" | "knownHosts">,
  options: ViewOptions,
): NodeViewer {
  const pictures: RgbaPicture[] = [];
  const video = ffmpegVideoSink((_display, picture) => {
    pictures.push(picture);
    if (pictures.length > 10) pictures.shift();
  });
  const session = view(target, { id: "test", name: "Test", platform: "Linux" }, { ...WORLD, ...world, video }, options);
  const until = (fits: (state: ViewerState) => boolean): Promise<ViewerState> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        stop();
        reject(new Error(`waited in vain; the state is ${inspect(session.state)}`));
      };
      const timer = setTimeout(give, PATIENCE);
      const look = (): void => {
        const { state } = session;
        if (fits(state)) resolve(state);
        else if (state.phase.name === "ended") reject(new Error(`ended: ${inspect(state.phase.end)}`));
        else return;
        clearTimeout(timer);
        stop();
      };
      const stop = session.subscribe(look);
      look();
    });
  return { session, pictures, until };
}

export const ended = (state: ViewerState): boolean => state.phase.name === "ended";
export const connected = (state: ViewerState): boolean => state.phase.name === "connected";
export const endCode = (state: ViewerState): string | undefined =>
  state.phase.name === "ended" ? state.phase.end.code : undefined;
