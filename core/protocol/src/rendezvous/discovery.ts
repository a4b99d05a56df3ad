import type { ServerMessage, ServerMessageInit } from "@pulpit/wire";

/** UDP port on which hosts of a network are asked for (docs/protocol/wire.md, section 8). */
export const DISCOVERY_PORT = 21_119;
/** Characters of a name or system that are kept. */
const MAX_TEXT = 64;
/** An ID as hosts have them (section 9.5). */
const ID = /^[\w-]{6,16}$/;

/** What a host says of itself on its own network: enough to be picked from a list, and no more. */
export interface Discovered {
  readonly id: string;
  readonly hostname: string;
  readonly platform: string;
}

/** The question to everybody on a network; who asks stays unsaid. Source: docs/protocol/rendezvous.md, section 4.18. */
export const DISCOVERY_QUESTION: ServerMessageInit = { case: "peerDiscovery", value: { cmd: "ping" } };

/** The answer of a host that wants to be found; undefined for anything but a question of somebody else. */
export function discoveryAnswer(message: ServerMessage, me: Discovered): ServerMessageInit | undefined {
  if (message.case !== "peerDiscovery") return undefined;
  const { cmd, id } = message.value;
  if (cmd !== "ping" || id === me.id) return undefined;
  // Neither the network card's address nor who is logged in: stock tells both to everybody.
  const { hostname, platform } = me;
  return { case: "peerDiscovery", value: { cmd: "pong", id: me.id, hostname, platform } };
}

/** A host that has answered; undefined for what is no answer. It is its own word, unproved. */
export function discoveredIn(message: ServerMessage): Discovered | undefined {
  if (message.case !== "peerDiscovery" || message.value.cmd !== "pong") return undefined;
  const { id, hostname, platform } = message.value;
  return ID.test(id) ? { id, hostname: presentable(hostname), platform: presentable(platform) } : undefined;
}

function presentable(text: string): string {
  return text
    .slice(0, 4 * MAX_TEXT)
    .replace(/\p{C}/gu, "")
    .slice(0, MAX_TEXT)
    .toWellFormed();
}
