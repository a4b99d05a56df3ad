import type { HostPolicy } from "@pulpit/host";
import type { PeerMessageInit } from "@pulpit/wire";
import fc from "fast-check";
import { everyMessage, sharpMessages } from "./every-message.ts";

/** Connections at a time. */
export const PLACES = 2;
export const ADDRESSES: readonly string[] = ["192.0.2.1", "192.0.2.2", "2001:db8::1", ""];
export const SALVO: readonly PeerMessageInit[] = [...everyMessage(), ...sharpMessages()];

/** One thing that happens to a host. `at`: the connection, where there is one. */
export type Act =
  | { readonly type: "knock"; readonly at: number; readonly address: number }
  | {
      readonly type: "login";
      readonly at: number;
      readonly proof: "permanent" | "one-time" | "former" | "overheard" | "wrong" | "none";
    }
  | { readonly type: "code"; readonly at: number; readonly code: "right" | "used" | "wrong" | "recovery" }
  | { readonly type: "person"; readonly at: number; readonly accept: boolean }
  | { readonly type: "message"; readonly at: number; readonly number: number }
  | { readonly type: "hang-up"; readonly at: number }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "decide"; readonly policy: Partial<HostPolicy> }
  | { readonly type: "restart" };

/** What the owner wants in a story, from its beginning to its end. */
export interface House {
  readonly factor: boolean;
  readonly policy: Partial<HostPolicy>;
}

const at = fc.nat({ max: PLACES - 1 });
export const anyPolicy: fc.Arbitrary<Partial<HostPolicy>> = fc.record(
  {
    approval: fc.constantFrom("password" as const, "click" as const, "either" as const, "both" as const),
    ...{ oneTime: fc.boolean(), permanent: fc.boolean(), clickNeedsCode: fc.boolean() },
  },
  { requiredKeys: [] },
);
export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("knock"), at, address: fc.nat({ max: 3 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ type: fc.constant("login"), at },
      proof: fc.constantFrom("permanent", "one-time", "former", "overheard", "wrong", "wrong", "none"),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("code"),
      at,
      code: fc.constantFrom("right", "used", "wrong", "recovery"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("person"), at, accept: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("message"), at, number: fc.nat({ max: SALVO.length - 1 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("hang-up"), at }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("wait"), ms: fc.constantFrom(100, 3_000, 40_000, 7_200_000) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("decide"), policy: anyPolicy }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("restart") }) },
) as fc.Arbitrary<Act>;
