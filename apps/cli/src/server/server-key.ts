import { join } from "node:path";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { loadServerKey, type ServerKey } from "@pulpit/rendezvous";
import { FailedError, UsageError } from "../usage.ts";

/** The server's key pair, and where it comes from, for the person. */
export interface ChosenKey {
  readonly key: ServerKey;
  readonly source: string;
}

/** Bytes of a seed and of the public key that is made of it: together the secret key as stock has it. */
const SEED = 32;

/**
 * What the setting `key` stands for (docs/protocol/rendezvous.md, sections 5.1 and 9, row 11). `folder`: where key
 * files are, or are made. `where`: where the setting stands.
 */
export function chooseKey(text: string, where: string, folder: string): ChosenKey {
  if (text === "-" || text === "_" || text === "") {
    try {
      return { key: loadServerKey(folder, nodeCrypto(), nodeRandom()), source: join(folder, "id_ed25519") };
    } catch (error) {
      throw new FailedError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }
  const secretKey = new Uint8Array(Buffer.from(text, "base64"));
  if (base64(secretKey) !== text) throw unusable(where, "it is neither '-' nor the Base64 of a secret key");
  if (secretKey.length === SEED) {
    throw unusable(
      where,
      "it is a public key, or its length: without the secret key nothing could be signed, and sessions would not be " +
        "encrypted. Put the file id_ed25519 into the data folder instead ('pulpit server import' does that), and leave " +
        "'key' alone",
    );
  }
  if (secretKey.length !== 2 * SEED)
    throw unusable(where, `a secret key has ${2 * SEED} bytes, this ${secretKey.length}`);
  const { publicKey } = nodeCrypto().signKeyPair(secretKey.slice(0, SEED));
  if (base64(publicKey) !== base64(secretKey.subarray(SEED)))
    throw unusable(where, "its two halves do not belong together: a letter is wrong");
  return { key: { secretKey, publicKey, publicText: base64(publicKey) }, source: where };
}

/** The text itself may be a secret with a slip in it. */
function unusable(where: string, why: string): UsageError {
  return new UsageError(`The setting 'key' (${where}) can't be used: ${why}`);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
