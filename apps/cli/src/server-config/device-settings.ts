import {
  httpAddress,
  list,
  oneOf,
  serverAddress,
  text,
  wholeNumber,
  yesNoOrUnset,
  yesOrNo,
} from "../settings/kinds.ts";
import type { Settings } from "../settings/setting.ts";
import type { DeviceConfig } from "./server-config.ts";

/** Whether it is one is found out where the pair is made of it. */
const keyText = {
  ...text,
  wanted: "-, nothing, or a secret key",
  read: (value: string): string => value,
  show: String,
};

export const DEVICE_SETTINGS: Settings<DeviceConfig> = {
  key: {
    kind: keyText,
    fallback: "-",
    short: "k",
    stock: ["KEY"],
    secret: true,
    about:
      "`-` or `_`: the key pair in the data folder, made at the first start. Base64 of a 64-byte secret key: that one. Nothing: the pair in the data folder, and viewers need not show it. The text of a public key is refused: it would leave sessions unencrypted.",
  },
  requireKey: {
    kind: yesNoOrUnset,
    fallback: undefined,
    otherwise: "yes, unless `key` is empty",
    about: "Whether viewers have to show the server's public key.",
  },
  enrolment: {
    kind: oneOf("open", "closed"),
    fallback: "open",
    about: "Whether new devices may register, or wait for `pulpit server devices approve`.",
  },
  keyChange: {
    kind: oneOf("approval", "same-address"),
    fallback: "approval",
    about:
      "What lets a device replace its key: an administrator, or, as in stock servers, coming from the address it came from before.",
  },
  hideUnknown: {
    kind: yesOrNo,
    fallback: false,
    about: "Whether an ID that nobody has looks like one that is offline, so that IDs can't be tried out.",
  },
  answersFromAnywhere: {
    kind: yesOrNo,
    fallback: false,
    about: "Whether hosts may answer calls from another address than they registered from: some have several ways out.",
  },
  maxDevices: {
    kind: wholeNumber(1, 10_000_000),
    fallback: 1_000_000,
    about: "Devices online at a time.",
  },
  newIdsPerDay: {
    kind: wholeNumber(1, 1_000_000),
    fallback: 300,
    about: "New devices from one address in a day: raise it for a day when a whole fleet behind one address moves in.",
  },
  connectionsPerAddress: {
    kind: wholeNumber(1, 10_000),
    fallback: 256,
    about: "Connections to the ID server from one address at a time.",
  },
  updateSerial: {
    kind: wholeNumber(0, 2_147_483_647),
    fallback: 0,
    short: "s",
    stock: ["SERIAL"],
    about: "Number of the list in `update-servers`; clients with a lower one are sent the list.",
  },
  updateServers: {
    kind: list(serverAddress),
    fallback: [],
    otherwise: "none",
    short: "R",
    stock: ["RENDEZVOUS_SERVERS"],
    about: "ID servers for clients that have none configured.",
  },
  softwareVersion: {
    kind: text,
    fallback: undefined,
    otherwise: "none",
    about: "Version that clients of before 1.4 are told to take; needs `software-url`.",
  },
  softwareUrl: {
    kind: httpAddress,
    fallback: undefined,
    otherwise: "none",
    short: "u",
    stock: ["SOFTWARE_URL"],
    about: "Where they find it.",
  },
};
