import { type Kind, list, oneOf, wholeNumber, yesOrNo } from "../settings/kinds.ts";
import type { Settings } from "../settings/setting.ts";
import type { HostConfig } from "./host-config.ts";
import { sourceNetwork } from "./source-network.ts";

const idPattern: Kind<string> = {
  wanted: "an ID, in which * stands for anything and ? for one character",
  read: (value) => (/^[\w.@:*?-]{1,64}$/.test(value) ? value : undefined),
  show: String,
};

type WaysIn =
  | "approval"
  | `one-time-${"password" | "length" | "digits" | "renewal"}`
  | "permanent-password"
  | `accept-${"seconds" | "needs-code"}`
  | "trust-days"
  | `${"allowed" | "blocked"}-${"addresses" | "ids"}`;

/** How somebody gets in, and who may try. */
export const WAYS_IN_SETTINGS: Settings<Pick<HostConfig, WaysIn>> = {
  approval: {
    kind: oneOf("password", "click", "either", "both"),
    fallback: "either",
    about:
      "How a session is approved: by a password, by a click of the person here, by either, or by the password and then the click.",
  },
  "one-time-password": { kind: yesOrNo, fallback: true, about: "Whether the one-time password lets anybody in." },
  "one-time-length": { kind: oneOf("6", "8", "10"), fallback: "8", about: "Characters of the one-time password." },
  "one-time-digits": {
    kind: yesOrNo,
    fallback: false,
    about: "Whether it is made of digits only. Those are easier to read out and much easier to guess.",
  },
  "one-time-renewal": {
    kind: oneOf("after-use", "daily", "manual"),
    fallback: "after-use",
    about: "When it changes by itself: after each visit, once a day, or never.",
  },
  "permanent-password": {
    kind: yesOrNo,
    fallback: true,
    about: "Whether the permanent password, once one is set, lets anybody in.",
  },
  "accept-seconds": {
    kind: wholeNumber(10, 170),
    fallback: 60,
    about: "How long the question whether to let somebody in waits before the answer is no.",
  },
  "accept-needs-code": {
    kind: yesOrNo,
    fallback: false,
    about: "Whether the code of the second factor is wanted even after a click of the person here.",
  },
  "trust-days": {
    kind: wholeNumber(0, 365),
    fallback: 30,
    about: "How many days a device that was trusted comes in without a code. 0: devices are not remembered.",
  },
  "allowed-addresses": {
    kind: list(sourceNetwork),
    fallback: [],
    otherwise: "everybody",
    about: "Addresses that may come. The ID server tells where a viewer comes from.",
  },
  "blocked-addresses": { kind: list(sourceNetwork), fallback: [], otherwise: "none", about: "Addresses that may not." },
  "allowed-ids": {
    kind: list(idPattern),
    fallback: [],
    otherwise: "everybody",
    about: "IDs that may come. A viewer says its ID itself: this keeps out mistakes, not attackers.",
  },
  "blocked-ids": { kind: list(idPattern), fallback: [], otherwise: "none", about: "IDs that may not." },
};
