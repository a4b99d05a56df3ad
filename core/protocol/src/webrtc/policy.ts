/** Which candidates ICE may use. */
export type IcePolicy = "all" | "relay";

/** What decides whether a viewer offers (docs/protocol/webrtc.md, section 8.1). */
export interface ViewerSituation {
  readonly webrtc: boolean;
  readonly proxy: boolean;
  /** The person wants this host by relay. */
  readonly relayWanted: boolean;
  /** The connection to the ID server is a WebSocket, as a browser's always is. */
  readonly webSocket: boolean;
  /** A TURN server is configured. */
  readonly turn: boolean;
}

/** What a viewer's request says. `offer`: undefined for none; the offer declares all exactly when it is `all`. */
export interface ViewerPlan {
  readonly forceRelay: boolean;
  /** The request gives the NAT type as symmetric. */
  readonly symmetric: boolean;
  readonly offer: IcePolicy | undefined;
}

/** Section 10.1. */
export function viewerPlan(situation: ViewerSituation): ViewerPlan {
  const { webrtc, proxy, relayWanted, webSocket, turn } = situation;
  const forceRelay = relayWanted || proxy || webSocket;
  const policy: IcePolicy = relayWanted ? "relay" : "all";
  const offers = webrtc && !proxy && (policy === "all" || turn);
  return { forceRelay, symmetric: forceRelay, offer: offers ? policy : undefined };
}

/** What decides whether a host answers an offer (section 9). */
export interface HostSituation {
  /** PunchHole.force_relay. */
  readonly forceRelay: boolean;
  readonly declaresAll: boolean;
  readonly proxy: boolean;
  readonly turn: boolean;
  /**
   * The host's own rule, which no declaration of a viewer lifts (section 17, rows 1 and 4): `off` answers nobody, `relay`
   * gives away no address of the host. Stock is always `all`.
   */
  readonly rule: IcePolicy | "off";
}

/** The policy to answer with, or undefined for an empty answer (section 10.2). */
export function hostPolicy(situation: HostSituation): IcePolicy | undefined {
  const { forceRelay, declaresAll, proxy, turn, rule } = situation;
  if (proxy || rule === "off") return undefined;
  if (rule === "all" && (!forceRelay || declaresAll)) return "all";
  return turn ? "relay" : undefined;
}
