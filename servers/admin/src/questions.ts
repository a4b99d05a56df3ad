import { MAX_ADDRESSES, MAX_PAGE } from "./config.ts";
import type { Desk } from "./desk.ts";

/** A device as an administrator sees it. */
export interface DeviceAnswer {
  readonly id: string;
  /** Hexadecimal. */
  readonly uuid: string;
  /** Base64. */
  readonly publicKey: string;
  /** Of its last registration; empty when it has not come since it was imported. */
  readonly address: string;
  readonly online: boolean;
}

export interface WishAnswer {
  readonly kind: "enrolment" | "key";
  readonly id: string;
  readonly publicKey: string;
  readonly address: string;
  /** ISO 8601, UTC. */
  readonly askedAt: string;
}

export interface StatusAnswer {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly state: "serving" | "draining";
  readonly ports: Readonly<Record<string, number>>;
  readonly devices: { readonly known: number; readonly online: number; readonly wishes: number };
  readonly idServer: {
    readonly connections: number;
    readonly waitingViewers: number;
    readonly refusedConnections: number;
    readonly failedWrites: number;
    readonly datagrams: number;
    readonly path: string;
  };
  readonly relay: {
    readonly connections: number;
    readonly waiting: number;
    readonly pairs: number;
    readonly throttledPairs: number;
    /** Since the start. */
    readonly pairsEver: number;
    readonly bytes: number;
    readonly path: string;
  };
  readonly web: {
    readonly connections: number;
    /** ISO 8601, UTC; undefined without a certificate. */
    readonly tlsExpires?: string;
  };
  readonly residentBytes: number;
}

/** Speeds in kbit/s. */
export interface PairAnswer {
  readonly first: string;
  readonly second: string;
  readonly transports: string;
  /** Seconds. */
  readonly age: number;
  readonly bytes: number;
  readonly highest: number;
  readonly average: number;
  readonly current: number;
  readonly throttled: boolean;
}

export interface KeysAnswer {
  /** Base64. */
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly source: string;
}

export interface ImportAnswer {
  readonly added: number;
  readonly unchanged: number;
  readonly conflicts: readonly { readonly id: string; readonly why: "uuid" | "key" }[];
  readonly rejected: readonly { readonly id: string; readonly why: string }[];
}

export interface SettingAnswer {
  readonly name: string;
  readonly value: string;
  readonly from: string;
}

export type RelayList = "refused" | "throttled";

/** Every question there is: what it says and what comes back. */
export interface Questions {
  status: { readonly ask: Record<never, never>; readonly answer: StatusAnswer };
  "devices.list": {
    readonly ask: { readonly after: string; readonly limit: number };
    readonly answer: readonly DeviceAnswer[];
  };
  "devices.show": { readonly ask: { readonly id: string }; readonly answer: DeviceAnswer };
  "devices.remove": { readonly ask: { readonly id: string }; readonly answer: DeviceAnswer };
  "devices.wishes": { readonly ask: { readonly limit: number }; readonly answer: readonly WishAnswer[] };
  "devices.approve": { readonly ask: { readonly id: string }; readonly answer: WishAnswer };
  "devices.deny": { readonly ask: { readonly id: string }; readonly answer: WishAnswer };
  "devices.check": { readonly ask: Record<never, never>; readonly answer: readonly string[] };
  "blocklist.list": {
    readonly ask: Record<never, never>;
    readonly answer: Readonly<Record<RelayList, readonly string[]>>;
  };
  "blocklist.add": {
    readonly ask: { readonly list: string; readonly addresses: readonly string[] };
    readonly answer: Readonly<Record<RelayList, readonly string[]>>;
  };
  "blocklist.remove": {
    readonly ask: { readonly list: string; readonly addresses: readonly string[] };
    readonly answer: Readonly<Record<RelayList, readonly string[]>>;
  };
  keys: { readonly ask: Record<never, never>; readonly answer: KeysAnswer };
  usage: { readonly ask: Record<never, never>; readonly answer: readonly PairAnswer[] };
  import: { readonly ask: { readonly database: string; readonly mode: string }; readonly answer: ImportAnswer };
  config: { readonly ask: Record<never, never>; readonly answer: readonly SettingAnswer[] };
}

export type QuestionName = keyof Questions;
export type Ask<N extends QuestionName> = Questions[N]["ask"];
export type Answer<N extends QuestionName> = Questions[N]["answer"];

/** What a server does about each. Throws AdminError "refused" with the reason. */
export type Handlers = { readonly [N in QuestionName]: (ask: Ask<N>) => Answer<N> | Promise<Answer<N>> };

type Shape = "text" | "page" | "addresses";

/** What has to stand in a question; anything else in it is left out. */
const SHAPES: { readonly [N in QuestionName]: { readonly [P in keyof Ask<N>]: Shape } } = {
  status: {},
  "devices.list": { after: "text", limit: "page" },
  "devices.show": { id: "text" },
  "devices.remove": { id: "text" },
  "devices.wishes": { limit: "page" },
  "devices.approve": { id: "text" },
  "devices.deny": { id: "text" },
  "devices.check": {},
  "blocklist.list": {},
  "blocklist.add": { list: "text", addresses: "addresses" },
  "blocklist.remove": { list: "text", addresses: "addresses" },
  keys: {},
  usage: {},
  import: { database: "text", mode: "text" },
  config: {},
};

/** The desk of a server. */
export function serverDesk(handlers: Handlers): Desk {
  return {
    take(value) {
      const question = questionIn(value);
      if (question === undefined) return undefined;
      // The shape was checked against the table that gives the handler its type.
      const handler = handlers[question.name] as (ask: unknown) => unknown;
      return { name: question.name, answer: () => handler(question.ask) };
    },
  };
}

/** A question of the wire, checked; undefined for what is none. */
function questionIn(value: unknown): { readonly name: QuestionName; readonly ask: unknown } | undefined {
  if (typeof value !== "object" || value === null || !("question" in value)) return undefined;
  const { question } = value;
  if (typeof question !== "string" || !Object.hasOwn(SHAPES, question)) return undefined;
  const name = question as QuestionName;
  const said = value as Record<string, unknown>;
  const entries = Object.entries(SHAPES[name] as Record<string, Shape>);
  if (!entries.every(([member, shape]) => fits(said[member], shape))) return undefined;
  return { name, ask: Object.fromEntries(entries.map(([member]) => [member, said[member]])) };
}

function fits(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "text":
      return typeof value === "string";
    case "page":
      return Number.isInteger(value) && (value as number) > 0 && (value as number) <= MAX_PAGE;
    case "addresses":
      return Array.isArray(value) && value.length <= MAX_ADDRESSES && value.every((item) => typeof item === "string");
  }
}
