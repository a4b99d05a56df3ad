/** What a page wants of the program beside it, for one visit. */
export interface BridgeWish {
  readonly relayOnly: boolean;
  /** Names of ways that have just failed. */
  readonly avoid: readonly string[];
  /** Fingerprint of a key that the person has compared and accepts. */
  readonly accepted?: string;
}

const MAX_AVOIDED = 16;
const NAME = /^[a-z0-9-]{1,16}$/;
const FINGERPRINT = /^[0-9a-f]{4}(?: [0-9a-f]{4}){15}$/;

/** Undefined for what is none. */
export function bridgeWishIn(text: string): BridgeWish | undefined {
  const { relayOnly, avoid, accepted } = objectIn(text);
  if (typeof relayOnly !== "boolean" || !Array.isArray(avoid) || avoid.length > MAX_AVOIDED) return undefined;
  if (!avoid.every((name): name is string => typeof name === "string" && NAME.test(name))) return undefined;
  if (accepted === undefined) return { relayOnly, avoid };
  return typeof accepted === "string" && FINGERPRINT.test(accepted) ? { relayOnly, avoid, accepted } : undefined;
}

/** The members of a JSON object; none where the text is something else. */
export function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
