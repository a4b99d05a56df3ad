import { publicKeyOf } from "../crypto/identity.ts";
import { ID_SERVER_PORT, type ServerAddress } from "../rendezvous/server-address.ts";
import { canonicalHost, cutPort, portOf } from "./host-name.ts";
import { canonicalId } from "./id.ts";
import { isLink, type LinkText, type Parameters, parametersIn, textOfLink } from "./link-text.ts";
import { DIRECT_PORT, type ParsedTarget, type Target, type TargetProblem } from "./target.ts";

/** Longest text that is looked at, characters: the longest name, a key and their percent-encoding fit. */
const MAX_TARGET = 1024;

type Found = Target | { readonly type: "invalid"; readonly problem: TargetProblem };

/**
 * What a person typed, pasted or clicked. Never throws; what is wrong comes back as a code, never with the text.
 * Source: docs/protocol/wire.md, section 9.6.
 */
export function parseTarget(input: string): ParsedTarget {
  if (input.length > MAX_TARGET) return invalid("too-long");
  const text = plainSeparators(input.trim());
  if (text === "") return invalid("empty");
  const problem = strangeCharacter(text);
  if (problem !== undefined) return invalid(problem);
  const fromLink = isLink(text);
  const read = fromLink ? textOfLink(text) : typedText(text);
  if (read.type === "invalid") return read;
  const hidden = strangeCharacter(read.body + read.query.map(([, value]) => value).join(""));
  if (hidden !== undefined) return invalid(hidden);
  const target = targetIn(read.body.trim(), read.query);
  if (target.type === "invalid") return target;
  const hadPassword = read.query.some(([name]) => name === "password");
  return { type: "parsed", target, fromLink, hadPassword };
}

function typedText(text: string): LinkText {
  const mark = text.indexOf("?");
  if (mark < 0) return { type: "text", body: text, query: [] };
  return { type: "text", body: text.slice(0, mark), query: parametersIn(text.slice(mark + 1)) };
}

function targetIn(body: string, query: Parameters): Found {
  if (body === "") return invalid("empty");
  const keys = query.filter(([name]) => name === "key").map(([, value]) => value);
  if (keys.length > 1) return invalid("bad-key");
  const at = body.indexOf("@");
  const left = at < 0 ? body : body.slice(0, at);
  const relay = /[/\\]r$/i.test(left);
  const name = relay ? left.slice(0, -2).trimEnd() : left;
  if (at >= 0) return idAtServer(name, relay, body.slice(at + 1), keys[0]);
  if (looksLikeAddress(name)) {
    if (relay) return invalid("relay-without-server");
    return keys.length > 0 ? invalid("key-without-server") : addressIn(name);
  }
  const id = canonicalId(name);
  if (id === undefined) return invalid("bad-id");
  return keys.length > 0 ? invalid("key-without-server") : { type: "id", id, relay };
}

function idAtServer(name: string, relay: boolean, serverText: string, key: string | undefined): Found {
  if (name.includes(":") || serverText.includes("@")) return invalid("userinfo");
  const id = canonicalId(name);
  if (id === undefined) return invalid("bad-id");
  if (serverText.toLowerCase() === "public") return invalid("public-server");
  const server = hostAndPort(serverText, ID_SERVER_PORT, "bad-server");
  if ("problem" in server) return server;
  if (key === undefined) return { type: "id", id, server, relay };
  if (publicKeyOf(key) === undefined) return invalid("bad-key");
  return { type: "id", id, server, serverKey: key, relay };
}

/** No ID has a dot or a colon; `localhost` might be one, but nobody means that. */
function looksLikeAddress(name: string): boolean {
  return /[.:[\]]|^localhost$/i.test(name);
}

function addressIn(text: string): Found {
  const address = hostAndPort(text, DIRECT_PORT, "bad-address");
  return "problem" in address ? address : { type: "address", ...address };
}

function hostAndPort(
  text: string,
  defaultPort: number,
  problem: TargetProblem,
): ServerAddress | { readonly type: "invalid"; readonly problem: TargetProblem } {
  const parts = cutPort(text);
  const host = parts === undefined ? undefined : canonicalHost(parts.host);
  if (parts === undefined || host === undefined) return invalid(problem);
  const port = parts.port === undefined ? defaultPort : portOf(parts.port);
  return port === undefined ? invalid("bad-port") : { host, port };
}

/** Number groups are set with narrow or unbreakable spaces and hyphens in print; there they can't deceive anybody. */
function plainSeparators(text: string): string {
  if (!/^[\d \u00a0\u2007\u2009\u202f\u2010-\u2013-]+$/.test(text)) return text;
  return text.replaceAll(/[\u00a0\u2007\u2009\u202f]/g, " ").replaceAll(/[\u2010-\u2013]/g, "-");
}

function strangeCharacter(text: string): TargetProblem | undefined {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return "control-character";
    if (code >= 0xa0) return "not-ascii";
  }
  return undefined;
}

function invalid(problem: TargetProblem): { readonly type: "invalid"; readonly problem: TargetProblem } {
  return { type: "invalid", problem };
}
