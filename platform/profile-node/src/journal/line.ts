import type { HistoryEntry, HistoryEvent } from "@pulpit/host-control";
import type { Crypto } from "@pulpit/protocol";
import { base64, fromBase64 } from "../base64.ts";
import { toHex } from "./hex.ts";

/** Longest line, bytes, newline not counted. */
export const MAX_LINE: number = 16 * 1024;
/** Characters that are left of each text of an event that would be longer than a line otherwise. */
const MAX_TEXT = 500;
const SIGNATURE = 64;
/** What no other signature of the host key begins with (docs/protocol/handshake.md, section 9, row 12). */
const CONTEXT = new TextEncoder().encode("pulpit-journal-1\0");
const LINE =
  /^(\{"n":([1-9]\d{0,14}),"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","event":(\{.*\}),"prev":"([0-9a-f]{64})"),"sig":"([A-Za-z0-9+/]{86}==)"\}$/s;

/** Where a chain of lines has come to. */
export interface ChainEnd {
  /** Of the newest line; 0 before the first one. */
  readonly number: number;
  /** Hex SHA-256 of that line's bytes without newline. */
  readonly hash: string;
}

/** Before the first line. */
export const CHAIN_START: ChainEnd = { number: 0, hash: "0".repeat(64) };
/** In place of the hash of a line nobody knows any more: the head that named it is lost. */
export const UNKNOWN_HASH: string = "f".repeat(64);

/** A line as it was found. */
export interface Line extends HistoryEntry {
  /** Hex SHA-256 of the line before. */
  readonly prev: string;
  /** What was signed. */
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * One entry as a line, without newline:
 * `{"n":1,"at":"…","event":{…},"prev":"<hex>","sig":"<base64>"}`. The signature is over the context and everything
 * before `,"sig"`. Texts of an event are shortened when it would not fit; undefined when even that does not help.
 */
export function lineOf(
  { number, at, event }: HistoryEntry,
  prev: string,
  crypto: Crypto,
  secretKey: Uint8Array,
): Uint8Array | undefined {
  for (const content of [event, shortened(event)]) {
    const body = `{"n":${number},"at":"${at}","event":${JSON.stringify(content)},"prev":"${prev}"`;
    const signature = crypto.sign(signedPart(new TextEncoder().encode(body)), secretKey).subarray(0, SIGNATURE);
    const line = new TextEncoder().encode(`${body},"sig":"${base64(signature)}"}`);
    if (line.length <= MAX_LINE) return line;
  }
  return undefined;
}

/** What a line says; undefined when it is none. Nothing is known yet about who wrote it. */
export function parseLine(bytes: Uint8Array): Line | undefined {
  if (bytes.length > MAX_LINE) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const [, body, number, at, event, prev, sig] = LINE.exec(text) ?? [];
    const signature = fromBase64(sig, SIGNATURE);
    if (body === undefined || at === undefined || prev === undefined || signature === undefined) return undefined;
    return {
      number: Number(number),
      at,
      event: JSON.parse(event as string) as HistoryEvent,
      prev,
      body: new TextEncoder().encode(body),
      signature,
    };
  } catch {
    return undefined;
  }
}

/** Whether the owner of `publicKey` wrote the line. */
export function isSigned({ body, signature }: Line, crypto: Crypto, publicKey: Uint8Array): boolean {
  const part = signedPart(body);
  const signed = new Uint8Array(SIGNATURE + part.length);
  signed.set(signature);
  signed.set(part, SIGNATURE);
  return crypto.signOpen(signed, publicKey) !== undefined;
}

/** Hex SHA-256 of a line's bytes. */
export function hashOf(line: Uint8Array, crypto: Crypto): string {
  return toHex(crypto.sha256(line));
}

function signedPart(body: Uint8Array): Uint8Array {
  const part = new Uint8Array(CONTEXT.length + body.length);
  part.set(CONTEXT);
  part.set(body, CONTEXT.length);
  return part;
}

function shortened(event: HistoryEvent): HistoryEvent {
  const short = (_: string, value: unknown): unknown =>
    typeof value === "string" && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  return JSON.parse(JSON.stringify(event, short)) as HistoryEvent;
}
