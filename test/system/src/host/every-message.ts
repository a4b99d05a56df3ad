import { type MessageKey, messageKey, rules } from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessageInit } from "@pulpit/wire";

/** What ends the conversation, or begins the login: each has tests of its own. */
const APART: ReadonlySet<MessageKey> = new Set(["loginRequest", "misc.closeReason", "auth2fa"]);

/** One message of each kind that does nothing about the login, empty where it can be. */
export function everyMessage(): readonly PeerMessageInit[] {
  return (Object.keys(rules) as MessageKey[]).filter((key) => !APART.has(key)).map(anyOf);
}

/** Input that could be seen on the desktop, and what stock hosts would act upon most readily. */
export function sharpMessages(): readonly PeerMessageInit[] {
  const misc = (union: object): PeerMessageInit => ({ case: "misc", value: { union } }) as PeerMessageInit;
  return [
    { case: "mouseEvent", value: { mask: 0, x: 17, y: 19 } },
    { case: "mouseEvent", value: { mask: (1 << 3) | 1, x: 17, y: 19 } },
    { case: "keyEvent", value: { down: true, union: { case: "chr", value: 0x61 } } },
    { case: "keyEvent", value: { press: true, union: { case: "seq", value: "rm -rf" } } },
    { case: "clipboard", value: { content: new TextEncoder().encode("stolen") } },
    {
      case: "switchSidesResponse",
      value: { uuid: new Uint8Array(16), lr: { username: "", password: new Uint8Array(32) } },
    },
    misc({ case: "restartRemoteDevice", value: true }),
    misc({ case: "refreshVideo", value: true }),
    misc({ case: "option", value: { blockInput: 2, disableKeyboard: 1 } }),
    misc({ case: "switchSidesRequest", value: { uuid: new Uint8Array(16) } }),
    misc({ case: "chatMessage", value: { text: "let me in" } }),
    misc({ case: "permissionInfo", value: { permission: 0, enabled: true } }),
  ];
}

function anyOf(key: MessageKey): PeerMessageInit {
  const [outer, inner] = key.split(".");
  for (const value of [{}, true, 1, "x", new Uint8Array(1)]) {
    const init = { case: outer, value: inner === undefined ? value : { union: { case: inner, value } } };
    try {
      const message = init as PeerMessageInit;
      if (messageKey(decodeMessage(encodeMessage(message))) === key) return message;
    } catch {
      // Not the kind of value this member has.
    }
  }
  throw new Error(`no message for ${key}`);
}
