import type { Clock, Dial } from "@pulpit/link";
import type { Codec, Compression, Crypto, Random } from "@pulpit/protocol";
import type { CursorSink } from "./ports/cursor-sink.ts";
import type { DeviceSecrets } from "./ports/device-secrets.ts";
import type { KnownHosts } from "./ports/known-hosts.ts";
import type { VideoSink } from "./ports/video-sink.ts";
import type { Ways } from "./ports/ways.ts";
import type { Reach } from "./reach.ts";
import type { ViewerState } from "./state.ts";

/** What a viewer needs from the world. */
export interface ViewerWorld {
  readonly dial: Dial;
  /** Other ways to a host than the relay; without them there is only that. */
  readonly ways?: Ways;
  /** Reaches the host in the place of all of these, as where another program of this computer does it. */
  readonly reach?: Reach;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly compression: Compression;
  readonly clock: Clock;
  readonly knownHosts: KnownHosts;
  /** Without it no host can be asked to trust this device. */
  readonly deviceSecrets?: DeviceSecrets;
  readonly video: VideoSink;
  readonly cursor?: CursorSink;
}

/** Whom to reach, through which servers. */
export interface ViewerTarget {
  readonly hostId: string;
  /** Address of the ID server as `dial` takes it: `host:21116`, `ws://host:21118` or `wss://host/ws/id`. */
  readonly idServer: string;
  /** Turns the relay named by the servers (`host:21117`, may be empty) into an address `dial` takes. */
  readonly relayAddress: (relayServer: string) => string;
  /** Public key of the ID server, base64: the trust anchor. */
  readonly serverKey: string;
  /** Nothing but the relay, on purpose: `ID/r`. */
  readonly relayOnly?: boolean;
}

/** Who is looking, as shown to the host; not verified by anybody. */
export interface ViewerIdentity {
  readonly id: string;
  readonly name: string;
  /** `Windows`, `Linux`, `Mac OS`, `Android`, `iOS` or `Web`. */
  readonly platform: string;
}

export type PointerButton = "left" | "right" | "middle" | "back" | "forward";

/** A key as a keyboard reports it; the names are those of the DOM's KeyboardEvent. */
export interface KeyInput {
  /** Physical position, such as `KeyA`; empty when unknown (on-screen keyboards). */
  readonly code: string;
  /** What the key means in the local layout, such as `a`, `Ł` or `Enter`. */
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
  readonly altGraph: boolean;
  readonly capsLock: boolean;
  readonly numLock: boolean;
  readonly repeat: boolean;
}

/** One session with one host: commands in, a state to show out. Made by `view`. */
export interface ViewerSession {
  readonly state: ViewerState;
  /** Calls back after each change of `state`; returns its cancellation. */
  subscribe(listener: () => void): () => void;
  /** Answers the phases `password` and `waiting-for-acceptance`. The text is not kept. */
  login(password: string): void;
  /** Answers the phase `second-factor`; see `parseCode`. `trust`: the host shall not ask this device again. */
  enterCode(code: string, trust: boolean): void;
  /** Host desktop coordinates, integers. */
  movePointer(x: number, y: number): void;
  button(button: PointerButton, down: boolean): void;
  /** Clicks of the wheel; y > 0 up, x > 0 left. */
  wheel(x: number, y: number): void;
  keyDown(key: KeyInput): void;
  keyUp(key: KeyInput): void;
  /** Text from an input method or an on-screen keyboard. */
  typeText(text: string): void;
  /** Releases every key and button this viewer holds down: the focus has gone elsewhere. */
  releaseAll(): void;
  sendCtrlAltDel(): void;
  setViewOnly(on: boolean): void;
  setPreferredCodec(codec: Codec | "auto"): void;
  showDisplay(index: number): void;
  /** Asks for a fresh picture. */
  refresh(): void;
  close(): void;
}
