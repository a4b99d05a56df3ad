import { decodeMappedAddress } from "./mapped-address.ts";
import {
  BINDING_ERROR,
  BINDING_REQUEST,
  BINDING_SUCCESS,
  CHANGE_PORT,
  CHANGE_REQUEST,
  decodeStun,
  encodeStun,
  XOR_MAPPED_ADDRESS,
} from "./message.ts";

/** Bytes that tell an answer from all others. */
export const TRANSACTION_BYTES = 12;

/** What a client asks: where it seems to be, answered from the port it asks or from the server's other one. */
export function bindingRequest(
  transaction: Uint8Array,
  answerFrom: "asked-port" | "other-port",
): Uint8Array<ArrayBuffer> {
  const change = { type: CHANGE_REQUEST, value: Uint8Array.of(0, 0, 0, CHANGE_PORT) };
  const attributes = answerFrom === "other-port" ? [change] : [];
  return encodeStun({ type: BINDING_REQUEST, transaction, attributes }, false);
}

export type BindingAnswer =
  | { readonly type: "mapped"; readonly address: { readonly host: string; readonly port: number } }
  /** The server can't do what was asked. */
  | { readonly type: "refused" };

/** The answer in a datagram; undefined for what is none to this transaction. */
export function bindingAnswer(datagram: Uint8Array, transaction: Uint8Array): BindingAnswer | undefined {
  const message = decodeStun(datagram);
  if (message === undefined || !message.transaction.every((byte, i) => byte === transaction[i])) return undefined;
  if (message.type === BINDING_ERROR) return { type: "refused" };
  const value = message.attributes.find(({ type }) => type === XOR_MAPPED_ADDRESS)?.value;
  if (message.type !== BINDING_SUCCESS || value === undefined) return undefined;
  const address = decodeMappedAddress(value, message.transaction);
  return address === undefined || address.port === 0 ? undefined : { type: "mapped", address };
}
