/** What is wrong with a server's TLS, as far as a person can do something about it. */
export type TlsTrouble =
  | "certificate-expired"
  /** Or this machine's clock is behind. */
  | "certificate-not-yet-valid"
  /** Signed by itself, or by nobody this machine trusts. */
  | "certificate-untrusted"
  | "certificate-other-name"
  /** What answers there is no TLS, or none that both ends speak. */
  | "no-tls";

/** By Node's codes for OpenSSL's verdicts, and for its own. */
const TROUBLES: Readonly<Record<string, TlsTrouble>> = {
  CERT_HAS_EXPIRED: "certificate-expired",
  CERT_NOT_YET_VALID: "certificate-not-yet-valid",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate-untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate-untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate-untrusted",
  CERT_REVOKED: "certificate-untrusted",
  CERT_UNTRUSTED: "certificate-untrusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate-other-name",
  EPROTO: "no-tls",
};

/** Undefined when it is something else that went wrong. */
export function tlsTroubleIn(error: unknown): TlsTrouble | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth++) {
    const code = "code" in cause ? String(cause.code) : "";
    const trouble = TROUBLES[code] ?? (code.startsWith("ERR_SSL_") ? "no-tls" : undefined);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}
