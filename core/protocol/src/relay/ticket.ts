import { decodeRelayTicket, encodeRelayTicket, WireError } from "@pulpit/wire";
import type { Crypto } from "../crypto/crypto.ts";

/** A call that the ID server introduced: what its two parties may meet under, and until when. */
export interface Ticket {
  /** UUID text of 36 characters. */
  readonly uuid: string;
  /** Unix seconds. */
  readonly until: number;
}

/** Clocks of an ID server and a relay may differ by this, s. */
const CLOCK_SLACK = 30;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Keeps a ticket apart from everything else that the server's key signs. */
const PREFIX: Uint8Array = new TextEncoder().encode("pulpit-relay-ticket\0");
/** Bytes of a signature, and of the longest ticket there is. */
const SIGNATURE = 64;
const MAX_TICKET: number = SIGNATURE + PREFIX.length + 64;

/**
 * A ticket by the ID server; empty for a uuid that is none: what is signed has to be known to be harmless.
 * Source: docs/protocol/extensions.md, "1: ticket".
 */
export function issueTicket(crypto: Crypto, { uuid, until }: Ticket, serverSecretKey: Uint8Array): Uint8Array {
  if (!UUID.test(uuid)) return new Uint8Array(0);
  const ticket = encodeRelayTicket({ uuid, until: BigInt(until) });
  const message = new Uint8Array(PREFIX.length + ticket.length);
  message.set(PREFIX);
  message.set(ticket, PREFIX.length);
  return crypto.sign(message, serverSecretKey);
}

/** Whether the ID server lets somebody with this ticket meet under this uuid now. `now`: Unix seconds. */
export function checkTicket(
  crypto: Crypto,
  ticket: Uint8Array,
  expected: { readonly uuid: string; readonly serverPublicKey: Uint8Array; readonly now: number },
): boolean {
  if (ticket.length <= SIGNATURE || ticket.length > MAX_TICKET) return false;
  const message = crypto.signOpen(ticket, expected.serverPublicKey);
  if (message === undefined || !PREFIX.every((byte, i) => message[i] === byte)) return false;
  try {
    const { uuid, until } = decodeRelayTicket(message.subarray(PREFIX.length));
    return uuid === expected.uuid && UUID.test(uuid) && Number(until) + CLOCK_SLACK >= expected.now;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}
