import type { Crypto, KeyPair } from "@pulpit/protocol";
import { base64, fromBase64 } from "../base64.ts";
import type { ProfileFolder } from "../folder.ts";
import type { ChainEnd } from "./line.ts";

export const HEAD_FILE: string = "journal.head";
/** Largest head, bytes; it is below 300. */
const MAX_HEAD = 4096;
const SIGNATURE = 64;

/** What `journal.head` says about the newest line. */
export interface Head extends ChainEnd {
  /** Signed by the key it was read for. */
  readonly ours: boolean;
}

/** Keeps number and hash of the newest line apart from the lines, so that a missing end is noticed. On disk when done. */
export function writeHead(folder: ProfileFolder, end: ChainEnd, crypto: Crypto, keys: KeyPair): void {
  const signature = crypto.sign(signedPart(end), keys.secretKey).subarray(0, SIGNATURE);
  folder.write(HEAD_FILE, { n: end.number, hash: end.hash, sig: base64(signature) });
}

/** Undefined when there is none, or nothing that could be one. */
export function readHead(folder: ProfileFolder, crypto: Crypto, publicKey: Uint8Array): Head | undefined {
  const bytes = folder.readBytes(HEAD_FILE, MAX_HEAD);
  if (bytes === undefined) return undefined;
  try {
    const { n: number, hash, sig } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const signature = fromBase64(sig, SIGNATURE);
    if (!Number.isSafeInteger(number) || typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
    const end: ChainEnd = { number: number as number, hash };
    const ours =
      signature !== undefined && crypto.signOpen(signed(signature, signedPart(end)), publicKey) !== undefined;
    return { ...end, ours };
  } catch {
    return undefined;
  }
}

function signedPart({ number, hash }: ChainEnd): Uint8Array {
  return new TextEncoder().encode(`pulpit-journal-head-1\0${number} ${hash}`);
}

function signed(signature: Uint8Array, part: Uint8Array): Uint8Array {
  const all = new Uint8Array(signature.length + part.length);
  all.set(signature);
  all.set(part, signature.length);
  return all;
}
