import { type Crypto, type Millis, type Random, symbolsOf } from "@pulpit/protocol";
import { Secret, TOTP } from "otpauth";

/** Bytes of the shared secret, as SHA-1 codes want it (docs/protocol/session.md, section 10.1). */
export const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
/** Steps accepted on either side of the current one: clocks differ. */
const WINDOW = 1;
/** Recovery codes made at a time … */
const RECOVERY_CODES = 10;
/** … of this many symbols each: 50 bits, used once, behind the same pauses as codes. */
const RECOVERY_SYMBOLS = 10;

function totp(secret: Uint8Array, label: string): TOTP {
  const copy = new Uint8Array(secret);
  return new TOTP({
    issuer: "Pulpit",
    label,
    digits: 6,
    period: PERIOD_SECONDS,
    secret: new Secret({ buffer: copy.buffer }),
  });
}

/** The 30-second step (of Unix time) this six-digit code belongs to; undefined when it is of none near now. */
export function codeStep(secret: Uint8Array, code: string, wall: Millis): number | undefined {
  const token = code.replace(/[\s-]/g, "");
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = totp(secret, "host").validate({ token, timestamp: wall, window: WINDOW });
  return delta === null ? undefined : Math.floor(wall / 1000 / PERIOD_SECONDS) + delta;
}

/** What an authenticator takes: as a URI for a QR code, and as text to be typed. */
export function provisioning(secret: Uint8Array, hostId: string): { readonly uri: string; readonly secret: string } {
  const factor = totp(secret, hostId);
  return { uri: factor.toString(), secret: factor.secret.base32 };
}

/** Codes for when the authenticator is lost: `abcde-fghjk`. */
export function freshRecoveryCodes(random: Random): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const symbols = symbolsOf(random.bytes(RECOVERY_SYMBOLS));
    return `${symbols.slice(0, RECOVERY_SYMBOLS / 2)}-${symbols.slice(RECOVERY_SYMBOLS / 2)}`;
  });
}

/** What is kept of a recovery code, however it was typed. */
export function recoveryHash(crypto: Crypto, code: string): Uint8Array {
  const plain = code.slice(0, 64).toLowerCase().replace(/[\s-]/g, "");
  return crypto.sha256(new TextEncoder().encode(`pulpit recovery code\0${plain}`));
}
