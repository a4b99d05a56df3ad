/** Of an authenticator (RFC 6238). */
const DIGITS = /^\d{6}$/;
/** A recovery code without its hyphen: two groups of five. */
const RECOVERY = /^[a-z0-9]{10}$/;

/**
 * A second-factor code as a person types or pastes it, made what the wire takes: `123456`, or a recovery code
 * `abcde-fghjk`. Undefined for anything else, so that a password typed into the wrong field does not leave this side.
 */
export function parseCode(text: string): string | undefined {
  // Bounded before it is worked on; codes are read out and copied with blanks and hyphens in them.
  const bare = text.slice(0, 64).replace(/[\s-]/gu, "").toLowerCase();
  if (DIGITS.test(bare)) return bare;
  return RECOVERY.test(bare) ? `${bare.slice(0, 5)}-${bare.slice(5)}` : undefined;
}
