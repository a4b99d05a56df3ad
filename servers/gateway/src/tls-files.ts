import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { TlsFiles } from "./config.ts";
import { GatewayError } from "./errors.ts";

/** A certificate and the key that fits it. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Unix ms. */
  readonly validFrom: number;
  /** Unix ms. */
  readonly expires: number;
}

/** What stands in the files, read together. */
export interface TlsBytes {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Throws GatewayError naming the file that can't be read. */
export async function readTlsFiles(files: TlsFiles): Promise<TlsBytes> {
  return { cert: await content("certificate", files.certFile), key: await content("key", files.keyFile) };
}

/** Throws GatewayError naming the file that is no good, and why. */
export function tlsPair({ cert, key }: TlsBytes, files: TlsFiles): TlsPair {
  const certificate = parsed(files.certFile, "holds no certificate in PEM form", () => {
    if (!cert.includes("-----BEGIN CERTIFICATE-----")) throw new TypeError("not PEM");
    return new X509Certificate(cert);
  });
  if (/ENCRYPTED/.test(key.toString("latin1")))
    throw new GatewayError("tls-files", `TLS: the key in ${files.keyFile} has a password; it is needed without`);
  const secret: KeyObject = parsed(files.keyFile, "holds no private key in PEM form", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(secret))
    throw new GatewayError("tls-files", `TLS: the key in ${files.keyFile} is not that of ${files.certFile}`);
  // Whatever else the TLS library dislikes, a chain that is broken or a key too short, it says here and not later.
  parsed(files.certFile, "is not accepted by the TLS library", () => createSecureContext({ cert, key }));
  return { cert, key, validFrom: certificate.validFromDate.getTime(), expires: certificate.validToDate.getTime() };
}

/** What an owner should hear about a pair that works nevertheless. */
export function concernAbout(pair: TlsPair, now: number): "expired" | "not valid yet" | undefined {
  if (now > pair.expires) return "expired";
  return now < pair.validFrom ? "not valid yet" : undefined;
}

async function content(what: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code } = cause as { code?: string };
    const why = code === "ENOENT" ? "is missing" : `can't be read (${code})`;
    throw new GatewayError("tls-files", `TLS: the ${what} ${file} ${why}`, { cause });
  }
}

function parsed<T>(file: string, why: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new GatewayError("tls-files", `TLS: ${file} ${why}`, { cause });
  }
}
