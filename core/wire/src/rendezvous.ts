import type { MessageInitShape } from "@bufbuild/protobuf";
import { decode, encode } from "./codec.ts";
import {
  type RelayTicket,
  RelayTicketSchema,
  type RendezvousMessage,
  RendezvousMessageSchema,
} from "./gen/rendezvous_pb.js";

/** One member of the envelope spoken with ID server and relay; `case` is undefined for an empty one. */
export type ServerMessage = RendezvousMessage["union"];
/** The same to be sent: fields left out take their default. */
export type ServerMessageInit = Exclude<
  NonNullable<MessageInitShape<typeof RendezvousMessageSchema>["union"]>,
  { case: undefined }
>;

/**
 * Decodes one frame or datagram to or from ID server and relay.
 * @throws WireError malformed. Source: docs/protocol/rendezvous.md, section 1.
 */
export function decodeServerMessage(bytes: Uint8Array): ServerMessage {
  return decode(RendezvousMessageSchema, bytes).union;
}

export function encodeServerMessage(union: ServerMessageInit): Uint8Array<ArrayBuffer> {
  return encode(RendezvousMessageSchema, { union });
}

/** What a relay ticket's signature is over, after its prefix (docs/protocol/extensions.md, "1: ticket"). */
export function encodeRelayTicket(ticket: MessageInitShape<typeof RelayTicketSchema>): Uint8Array<ArrayBuffer> {
  return encode(RelayTicketSchema, ticket);
}

/** @throws WireError malformed */
export function decodeRelayTicket(bytes: Uint8Array): RelayTicket {
  return decode(RelayTicketSchema, bytes);
}
