import type { Link } from "@pulpit/link";
import {
  type Invitation,
  isLoopback,
  parseServerAddress,
  planOf,
  RELAY_PORT,
  type ServerAddress,
} from "@pulpit/protocol";
import type { IceCandidate } from "@pulpit/wire";
import type { HostOptions, HostWorld } from "../options.ts";
import type { HostTcpWay, HostUdpWay, HostWays } from "../ports/ways.ts";
import { Call, type Extras } from "./call.ts";
import { Knocks } from "./knocks.ts";
import { arriveByRelay } from "./relay.ts";
import { WebRtcDesk } from "./webrtc.ts";

/** Relays of an ID server that are remembered. */
const MAX_RELAYS = 16;

/** Serves a viewer that is there once `open` resolves; calls it at once, or not at all when there is no room. */
export type Serve = (call: Call, open: (signal: AbortSignal) => Promise<Link>) => void;

/** All ways on which viewers come in: what a call of the ID server sets off. */
export class Arrivals {
  readonly #host: { readonly options: HostOptions; readonly world: HostWorld };
  readonly #serve: Serve;
  readonly #signal: AbortSignal;
  /** The ID server's own port; undefined where only its web address is known. */
  readonly #server: ServerAddress | undefined;
  /**
   * None at a web address, where nothing gets out but HTTPS: a viewer whose offer of WebRTC is answered gives it a second
   * before it takes the relay.
   */
  readonly #ways: HostWays;
  readonly #webrtc: WebRtcDesk | undefined;
  /** In order of the last proposal. */
  readonly #proposed = new Map<string, ServerAddress>();
  readonly #knocks = new Knocks();

  constructor(host: { readonly options: HostOptions; readonly world: HostWorld }, serve: Serve, signal: AbortSignal) {
    this.#host = host;
    this.#serve = serve;
    this.#signal = signal;
    const { world, options } = host;
    const { idServer } = options;
    this.#server = "url" in idServer ? undefined : idServer;
    this.#ways = this.#server === undefined ? {} : (world.ways ?? {});
    const build = this.#ways.webrtc;
    if (build === undefined) return;
    const loopback = isLoopback(idServer.host);
    const opened = (call: Call, link: Link): void => serve(call, async () => link);
    this.#webrtc = new WebRtcDesk({ world, build, loopback, opened });
    signal.addEventListener("abort", () => this.#webrtc?.close(), { once: true });
  }

  candidate(message: IceCandidate): void {
    this.#webrtc?.received(message);
  }

  invited(invitation: Invitation, givesTickets: boolean): void {
    const { tcp, udp } = this.#ways;
    const abilities = { tcp: tcp !== undefined, udp: udp !== undefined, webrtc: this.#webrtc !== undefined };
    const call = new Call(
      invitation,
      planOf(invitation, abilities),
      givesTickets,
      this.#host,
      this.#relays(invitation),
    );
    void this.#answer(call);
  }

  /** Relays the ID server has proposed, this one among them. What a viewer names (RequestRelay) is not its word. */
  #relays(invitation: Invitation): readonly ServerAddress[] {
    const { relayServer } = invitation.value;
    const named = invitation.case === "requestRelay" ? undefined : parseServerAddress(relayServer, RELAY_PORT);
    if (named !== undefined) {
      this.#proposed.delete(relayServer);
      this.#proposed.set(relayServer, named);
      if (this.#proposed.size > MAX_RELAYS) this.#proposed.delete(this.#proposed.keys().next().value as string);
    }
    return [...this.#proposed.values()];
  }

  async #answer(call: Call): Promise<void> {
    const { plan } = call;
    const [webrtc, ipv6] = await Promise.all([
      plan.offer === "" || this.#webrtc === undefined ? "" : this.#webrtc.answer(call),
      this.#ipv6(call),
    ]);
    const extras: Extras = { webrtc, ipv6 };
    switch (plan.way) {
      case "udp":
        this.#serve(call, (signal) => this.#byUdp(call, extras, signal));
        break;
      case "tcp":
        this.#serve(call, (signal) => this.#byTcp(call, extras, signal));
        break;
      case "lan":
        this.#serve(call, (signal) => this.#byLan(call, extras, signal));
        break;
      case "offer":
        if (webrtc === "") this.#byRelay(call, extras);
        // Where it breaks the viewer asks again, or by another way.
        else await call.tell(call.punchHoleSent(extras), this.#signal).catch(() => undefined);
        break;
      case "relay":
        this.#byRelay(call, extras);
        break;
    }
  }

  #byRelay(call: Call, extras: Extras): void {
    this.#serve(call, (signal) => arriveByRelay(call, extras, this.#host, signal));
  }

  async #byUdp(call: Call, extras: Extras, signal: AbortSignal): Promise<Link> {
    // Where it can't be, as without IPv4, the relay is still there.
    const over = this.#knocks.at(call.plan.viewer.host);
    if (over === undefined) return arriveByRelay(call, extras, this.#host, signal);
    let way: HostUdpWay | undefined;
    try {
      way = await this.#ways.udp?.(signal).catch(() => undefined);
      if (way !== undefined && this.#server !== undefined) {
        way.tell(this.#server, call.punchHoleSent(extras));
        return await way.meet(call.plan.viewer, signal);
      }
    } finally {
      way?.close();
      over();
    }
    return arriveByRelay(call, extras, this.#host, signal);
  }

  async #byTcp(call: Call, extras: Extras, signal: AbortSignal): Promise<Link> {
    const over = this.#knocks.at(call.plan.viewer.host);
    if (over === undefined) return arriveByRelay(call, extras, this.#host, signal);
    let way: HostTcpWay | undefined;
    try {
      way = await this.#tcp(signal);
      if (way !== undefined && isIpv6(way.local) === isIpv6(call.plan.viewer)) {
        const { server } = way;
        return await way.punch(call.plan.viewer, () => server.send(call.punchHoleSent(extras)), signal);
      }
    } finally {
      way?.close();
      over();
    }
    return arriveByRelay(call, extras, this.#host, signal);
  }

  async #byLan(call: Call, extras: Extras, signal: AbortSignal): Promise<Link> {
    const way = await this.#tcp(signal);
    if (way === undefined || isIpv6(way.local)) {
      way?.close();
      return arriveByRelay(call, extras, this.#host, signal);
    }
    try {
      await way.server.send(call.localAddr(way.local, extras));
      return await way.wait(signal);
    } finally {
      way.close();
    }
  }

  async #tcp(signal: AbortSignal): Promise<HostTcpWay | undefined> {
    return this.#server && this.#ways.tcp?.(this.#server, signal).catch(() => undefined);
  }

  /** A socket for the viewer's IPv6 address, when both have one; its viewer is served like every other. */
  async #ipv6(call: Call): Promise<Extras["ipv6"]> {
    const { ipv6: viewer } = call.plan;
    const open = this.#ways.ipv6;
    if (viewer === undefined || open === undefined) return undefined;
    const over = this.#knocks.at(viewer.host);
    if (over === undefined) return undefined;
    let way: HostUdpWay | undefined;
    try {
      way = await open(this.#signal);
    } catch {
      // As without an address of that kind.
    }
    if (way === undefined) {
      over();
      return undefined;
    }
    const found = way;
    let isServed = false;
    const end = (): void => {
      found.close();
      over();
    };
    this.#serve(call, async (signal) => {
      isServed = true;
      try {
        return await found.meet(viewer, signal);
      } finally {
        end();
      }
    });
    if (isServed) return found.local;
    end();
    return undefined;
  }
}

function isIpv6({ host }: { readonly host: string }): boolean {
  return host.includes(":");
}
