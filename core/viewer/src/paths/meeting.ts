import type { BoundLink, Link, Race } from "@pulpit/link";
import { constantTimeEqual, openIdentity, publicKeyOf } from "@pulpit/protocol";
import type { ConnectSteps } from "../connect.ts";
import type { ConnectWorld } from "../connect-world.ts";
import { Ended } from "../end.ts";
import { secure } from "../secure.ts";
import type { ViewerTarget } from "../viewer.ts";
import type { Introduced } from "./introduce.ts";
import { joinAt, type RelayMeeting, requestRelay } from "./relay.ts";
import { type SecuredWay, secureWebRtc } from "./secured.ts";
import type { LeftOut, WayNews } from "./way-news.ts";

/** The relay is asked for this long after a host said where it can be reached, ms: most are reached sooner. */
const RELAY_AFTER = 150;

export interface MeetingOptions {
  readonly target: ViewerTarget;
  readonly world: ConnectWorld;
  readonly steps: ConnectSteps;
  readonly race: Race<SecuredWay>;
  readonly signal: AbortSignal;
  /** Names of ways not to be tried. */
  readonly avoid: ReadonlySet<string>;
}

/** One attempt to meet a host, over all calls to the ID server: one key, one relay, one race. */
export class Meeting {
  readonly target: ViewerTarget;
  readonly world: ConnectWorld;
  readonly signal: AbortSignal;
  readonly avoid: ReadonlySet<string>;
  readonly #steps: ConnectSteps;
  readonly #race: Race<SecuredWay>;
  #hostKey: Uint8Array | undefined;
  #checked: Promise<void> | undefined;
  #relay: "none" | "pending" | "asked" = "none";
  #isComplete = false;
  #isFound = false;

  constructor(options: MeetingOptions) {
    this.target = options.target;
    this.world = options.world;
    this.signal = options.signal;
    this.avoid = options.avoid;
    this.#steps = options.steps;
    this.#race = options.race;
  }

  /** The host's key by the ID server's word, checked against the pinned one. @throws Ended */
  async vouched({ signedKey }: Introduced): Promise<Uint8Array> {
    const hostKey = vouchedKey(signedKey, this.target, this.world);
    // Two answers with two keys: one of them is not from the host.
    if (this.#hostKey !== undefined && !constantTimeEqual(this.#hostKey, hostKey)) {
      throw new Ended({ code: "bad-identity" });
    }
    this.#hostKey = hostKey;
    this.#checked ??= this.#steps.checkKey(hostKey);
    try {
      await this.#checked;
    } catch (error) {
      // A changed key concerns every way.
      this.#race.fail(error);
      throw error;
    }
    if (!this.#isFound) this.#steps.found();
    this.#isFound = true;
    return hostKey;
  }

  /** A way that is not tried. */
  leftOut(way: string, why: LeftOut): void {
    if (!this.avoid.has(way)) this.#tell({ type: "left-out", way, why });
  }

  /** Tries a direct way, up to the host's proof. `open` has to end soon after its signal aborts. */
  direct(name: string, hostKey: Uint8Array, open: (signal: AbortSignal) => Promise<Link>): void {
    if (this.avoid.has(name)) return;
    this.#try(name, true, async (signal) => this.#secured(name, await open(signal), hostKey, signal));
  }

  /** … over WebRTC, where the proof is another one. Direct or not is only known once it is open. */
  webrtc(hostKey: Uint8Array, open: (signal: AbortSignal) => Promise<BoundLink>): void {
    const { target, world } = this;
    if (this.avoid.has("webrtc")) return;
    this.#try("webrtc", true, async (signal) => {
      const link = await open(signal);
      this.#up("webrtc");
      return closedOnFailure(link, async () => ({
        link: await secureWebRtc(link, target.hostId, hostKey, world, signal),
        hostKey,
        name: "webrtc",
      }));
    });
  }

  /** The host comes to the relay on its own account. */
  relayed(relayServer: string, meeting: RelayMeeting, hostKey: Uint8Array): void {
    if (this.#relay === "asked") return;
    this.#relay = "asked";
    this.#join(hostKey, relayServer, async () => meeting);
  }

  /** Asks the host to a relay. */
  relayNow(relayServer: string, hostKey: Uint8Array): void {
    if (this.#relay === "asked" || relayServer === "") return;
    this.#relay = "asked";
    this.#join(hostKey, relayServer, (signal) => requestRelay(this.target, relayServer, this.world, signal));
  }

  /** … a moment later, unless it comes to one by itself before, or a direct way is up. */
  relayLater(relayServer: string, hostKey: Uint8Array): void {
    if (this.#relay !== "none" || relayServer === "") return;
    this.#relay = "pending";
    const { clock } = this.world;
    const cancel = clock.alarm(clock.now() + RELAY_AFTER, () => {
      this.signal.removeEventListener("abort", cancel);
      this.relayNow(relayServer, hostKey);
      if (this.#isComplete) this.#race.complete();
    });
    this.signal.addEventListener("abort", cancel, { once: true });
  }

  /** All calls were answered: nothing joins the race any more but the relay that is still to be asked for. */
  complete(): void {
    this.#isComplete = true;
    if (this.#relay !== "pending") this.#race.complete();
  }

  #join(hostKey: Uint8Array, relayServer: string, meet: (signal: AbortSignal) => Promise<RelayMeeting>): void {
    this.#try("relay", false, async (signal) => {
      const meeting = await meet(signal);
      const link = await joinAt(relayServer, meeting, this.target, this.world, signal);
      return this.#secured("relay", link, hostKey, signal);
    });
  }

  /** Puts a way into the race, and tells what becomes of it. */
  #try(name: string, direct: boolean, open: (signal: AbortSignal) => Promise<SecuredWay>): void {
    const run = async (signal: AbortSignal): Promise<SecuredWay> => {
      this.#tell({ type: "tried", way: name });
      try {
        const way = await open(signal);
        this.#tell({ type: "proved", way: name });
        return way;
      } catch (error) {
        this.#tell({ type: "failed", way: name, error });
        throw error;
      }
    };
    this.#race.add({ name, direct, run });
  }

  #up(way: string): void {
    this.#steps.up();
    this.#tell({ type: "up", way });
  }

  #tell(news: WayNews): void {
    this.#steps.way?.(news);
  }

  #secured(name: string, link: Link, hostKey: Uint8Array, signal: AbortSignal): Promise<SecuredWay> {
    const { target, world } = this;
    this.#up(name);
    return closedOnFailure(link, async () => ({
      link: await secure(link, target.hostId, hostKey, world, signal),
      hostKey,
      name,
    }));
  }
}

async function closedOnFailure(link: Link, work: () => Promise<SecuredWay>): Promise<SecuredWay> {
  try {
    return await work();
  } catch (error) {
    void link.close();
    throw error;
  }
}

/** The host's key by the ID server's word. No word, or one that is not its own, ends the attempt. */
function vouchedKey(signedKey: Uint8Array, target: ViewerTarget, world: ConnectWorld): Uint8Array {
  if (signedKey.length === 0) throw new Ended({ code: "no-identity" });
  const serverKey = publicKeyOf(target.serverKey);
  const identity = serverKey && openIdentity(world.crypto, signedKey, serverKey);
  if (identity === undefined || identity.id !== target.hostId) throw new Ended({ code: "bad-identity" });
  return identity.key;
}
