import type { MessageInitShape } from "@bufbuild/protobuf";
import { decode, encode } from "./codec.ts";
import {
  type DatagramPath,
  type DatagramPathSchema,
  type DisplayInfoSchema,
  type IdPk,
  IdPkSchema,
  type Message,
  MessageSchema,
  type OptionMessage,
  type OptionMessageSchema,
  type PeerInfoSchema,
} from "./gen/message_pb.js";

/** One member of the peers' envelope, as received: `{ case, value }`; `case` is undefined for an empty one. */
export type PeerMessage = Message["union"];
/** The same to be sent: fields left out take their default. */
export type PeerMessageInit = Exclude<
  NonNullable<MessageInitShape<typeof MessageSchema>["union"]>,
  { case: undefined }
>;

/** Parts of messages to be sent; fields left out take their default. */
export type PeerInfoInit = MessageInitShape<typeof PeerInfoSchema>;
export type DisplayInfoInit = MessageInitShape<typeof DisplayInfoSchema>;
export type OptionMessageInit = Exclude<MessageInitShape<typeof OptionMessageSchema>, OptionMessage>;

/**
 * Decodes one frame between viewer and host. An empty frame, and a member this schema does not know,
 * give `case: undefined`.
 * @throws WireError malformed. Source: docs/protocol/messages.md.
 */
export function decodeMessage(bytes: Uint8Array): PeerMessage {
  return decode(MessageSchema, bytes).union;
}

export function encodeMessage(union: PeerMessageInit): Uint8Array<ArrayBuffer> {
  return encode(MessageSchema, { union });
}

/** The identity inside signatures (docs/protocol/handshake.md, section 2). @throws WireError malformed */
export function decodeIdPk(bytes: Uint8Array): IdPk {
  return decode(IdPkSchema, bytes);
}

export function encodeIdPk(init: MessageInitShape<typeof IdPkSchema>): Uint8Array<ArrayBuffer> {
  return encode(IdPkSchema, init);
}

/** How each message begins that holds `datagrams` and nothing else: field 1009, of a length. */
const DATAGRAMS: readonly number[] = [0x8a, 0x3f];

/**
 * What a message says about the connection for datagrams; undefined for all other messages.
 * @throws WireError malformed. Source: docs/protocol/extensions.md, "9: datagrams".
 */
export function decodeDatagramPath(bytes: Uint8Array): DatagramPath | undefined {
  if (bytes[0] !== DATAGRAMS[0] || bytes[1] !== DATAGRAMS[1]) return undefined;
  return decode(MessageSchema, bytes).datagrams;
}

export function encodeDatagramPath(datagrams: MessageInitShape<typeof DatagramPathSchema>): Uint8Array<ArrayBuffer> {
  return encode(MessageSchema, { datagrams });
}
