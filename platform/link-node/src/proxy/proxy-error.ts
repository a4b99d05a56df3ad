import { LinkError, type LinkErrorCode } from "@pulpit/link";

/** Who or what stood in the way. */
export type ProxyFailure =
  /** The proxy itself could not be reached, or its certificate is not to be trusted. */
  | "no-proxy"
  /** It wants a user and a password, or others. */
  | "credentials"
  /** Its rules forbid this connection. */
  | "forbidden"
  /** It could not reach the address. */
  | "no-target"
  /** It does not speak what it should, or no more than so far. */
  | "protocol";

const CODES: Readonly<Record<Exclude<ProxyFailure, "no-proxy">, LinkErrorCode>> = {
  credentials: "refused",
  forbidden: "refused",
  "no-target": "unreachable",
  protocol: "malformed",
};

/** A connection that failed at a proxy. Says what the proxy did, never what it was told. */
export class ProxyError extends LinkError {
  readonly failure: ProxyFailure;

  constructor(
    failure: ProxyFailure,
    message: string,
    options: { readonly code?: LinkErrorCode; readonly cause?: unknown } = {},
  ) {
    const code = options.code ?? (failure === "no-proxy" ? "unreachable" : CODES[failure]);
    super(code, `proxy: ${message}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.failure = failure;
  }

  /** What a setting caused, a setting has to mend. */
  override get retryable(): boolean {
    return super.retryable && this.failure !== "credentials" && this.failure !== "forbidden";
  }
}
