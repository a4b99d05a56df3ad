import { WireError } from "./errors.ts";
import { ipv4Number, ipv4Text } from "./ipv4.ts";

/** An IP address in its usual text form and a port; port 0 means "absent" in address fields. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

const ABSENT: SocketAddress = { host: "0.0.0.0", port: 0 };
const ABSENT_V6: SocketAddress = { host: "::", port: 0 };

/**
 * Mangles an address for a `socket_addr` field: IPv4 up to 11 bytes, IPv6 18 bytes.
 * `salt`: any 32-bit number; stock uses the time in microseconds. It hides the address from middleboxes
 * that rewrite what looks like one; it is no secret.
 * @throws WireError malformed when `host` is no IP literal. Source: docs/protocol/wire.md, section 10.
 */
export function encodeSocketAddress(address: SocketAddress, salt: number): Uint8Array<ArrayBuffer> {
  const v4 = ipv4Number(address.host);
  if (v4 !== undefined) return mangle(v4, address.port, salt);
  const v6 = parseIpv6(address.host);
  const mapped = embeddedIpv4(v6);
  if (mapped !== undefined) return mangle(mapped, address.port, salt);
  const out = new Uint8Array(18);
  out.set(v6);
  out[16] = address.port & 0xff;
  out[17] = (address.port >> 8) & 0xff;
  return out;
}

/** The reverse; never throws: lengths that carry no address give port 0, as in stock (section 10.3). */
export function decodeSocketAddress(bytes: Uint8Array): SocketAddress {
  if (bytes.length === 0) return ABSENT;
  if (bytes.length === 18)
    return { host: formatIpv6(bytes), port: (bytes[16] as number) | ((bytes[17] as number) << 8) };
  if (bytes.length > 16) return ABSENT_V6;
  let n = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) n = (n << 8n) | BigInt(bytes[i] as number);
  const time = (n >> 17n) & 0xffffffffn;
  const ip = Number(((n >> 49n) - time) & 0xffffffffn);
  const port = Number(((n & 0xffffffn) - (time & 0xffffn)) & 0xffffn);
  return { host: ipv4Text(ip), port };
}

/** `ip` holds the first octet in its lowest byte. */
function mangle(ip: number, port: number, salt: number): Uint8Array<ArrayBuffer> {
  const time = BigInt(salt >>> 0);
  let n = ((BigInt(ip >>> 0) + time) << 49n) | (time << 17n) | (BigInt(port) + (time & 0xffffn));
  const out: number[] = [];
  while (n > 0n) {
    out.push(Number(n & 0xffn));
    n >>= 8n;
  }
  return new Uint8Array(out);
}

function parseIpv6(text: string): Uint8Array {
  const malformed = new WireError("malformed", "not an IP address");
  // An embedded dotted quad stands for the last two groups.
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text.replace(/%.*$/, ""));
  let body = text.replace(/%.*$/, "");
  if (dotted !== null) {
    const ip = ipv4Number(dotted[2] as string);
    if (ip === undefined) throw malformed;
    const high = ((ip & 255) << 8) | ((ip >>> 8) & 255);
    const low = (((ip >>> 16) & 255) << 8) | (ip >>> 24);
    body = `${dotted[1]}${high.toString(16)}:${low.toString(16)}`;
  }
  const halves = body.split("::");
  if (halves.length > 2) throw malformed;
  const head = groups(halves[0] as string, malformed);
  const tail = halves.length === 2 ? groups(halves[1] as string, malformed) : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) throw malformed;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const out = new Uint8Array(16);
  all.forEach((group, i) => {
    out[2 * i] = group >> 8;
    out[2 * i + 1] = group & 255;
  });
  return out;
}

function groups(text: string, malformed: WireError): number[] {
  if (text === "") return [];
  return text.split(":").map((group) => {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) throw malformed;
    return Number.parseInt(group, 16);
  });
}

/** The IPv4 address inside `::ffff:a.b.c.d` or `::a.b.c.d`, but not inside `::1`. */
function embeddedIpv4(v6: Uint8Array): number | undefined {
  if (v6.subarray(0, 10).some((byte) => byte !== 0)) return undefined;
  const mapped = v6[10] === 255 && v6[11] === 255;
  const compatible = v6[10] === 0 && v6[11] === 0;
  const loopback = compatible && v6[12] === 0 && v6[13] === 0 && v6[14] === 0 && (v6[15] as number) <= 1;
  if (loopback || !(mapped || compatible)) return undefined;
  return (
    ((v6[12] as number) | ((v6[13] as number) << 8) | ((v6[14] as number) << 16) | ((v6[15] as number) << 24)) >>> 0
  );
}

function formatIpv6(bytes: Uint8Array): string {
  const parts: number[] = [];
  for (let i = 0; i < 16; i += 2) parts.push(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  let best = { start: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && parts[j] === 0) j++;
    if (j - i > best.length) best = { start: i, length: j - i };
  }
  const hex = parts.map((part) => part.toString(16));
  if (best.start < 0) return hex.join(":");
  return `${hex.slice(0, best.start).join(":")}::${hex.slice(best.start + best.length).join(":")}`;
}
