import type { ProxyConversation } from "./conversation.ts";
import type { ProxiedAddress } from "./proxied-address.ts";
import { ProxyError } from "./proxy-error.ts";
import type { ProxyCredentials } from "./proxy-setting.ts";

/** Longest answer, header lines included, bytes, as in stock (docs/protocol/wire.md, section 7). */
const MAX_HEAD = 4096;
/** Most header lines in it, as in stock. */
const MAX_HEADERS = 16;

/** Asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6). Rejects with LinkError. */
export async function connectHttp(
  proxy: ProxyConversation,
  { host, port }: ProxiedAddress,
  credentials: ProxyCredentials | undefined,
): Promise<void> {
  const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
  if (credentials !== undefined) {
    const pair = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
    lines.push(`Proxy-Authorization: Basic ${pair}`);
  }
  proxy.say(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
  const [status = "", ...headers] = (await proxy.head(MAX_HEAD)).split("\r\n");
  if (headers.length > MAX_HEADERS) throw new ProxyError("protocol", "too many headers", { code: "too-large" });
  const code = /^HTTP\/1\.[01] ([1-5]\d\d)(?: |$)/.exec(status)?.[1];
  if (code === undefined) throw new ProxyError("protocol", "does not speak HTTP");
  // Any 2xx opens the tunnel, whatever its headers say of a body (RFC 9110, section 9.3.6).
  if (!code.startsWith("2")) throw refusal(code);
}

function refusal(code: string): ProxyError {
  const message = `answers ${code}`;
  if (code === "407" || code === "401") return new ProxyError("credentials", message);
  return new ProxyError(/^(?:404|410|50[0234])$/.test(code) ? "no-target" : "forbidden", message);
}
