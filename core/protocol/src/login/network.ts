import { decodeSocketAddress, encodeSocketAddress, WireError } from "@pulpit/wire";
import { ADDRESS_BYTES, packAddress } from "../rendezvous/packed-address.ts";

/** Bits in front of an IPv4 address in its IPv6 form. */
const MAPPED_BITS = 96;

/** An address as 16 bytes, IPv4 in whatever dress as `::ffff:a.b.c.d`, zones dropped; undefined for what is none. */
export function addressBytes(text: string): Uint8Array | undefined {
  const host = text.replace(/%.*$/, "");
  const out = new Uint8Array(ADDRESS_BYTES);
  if (packAddress(host, out, 0)) return out;
  if (!host.includes(":")) return undefined;
  try {
    // IPv4 in an IPv6 dress: the wire's form knows it for what it is.
    return packAddress(decodeSocketAddress(encodeSocketAddress({ host, port: 0 }, 0)).host, out, 0) ? out : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** An address or a block of them: `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`. */
interface Network {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** Undefined for what is neither an address nor a CIDR block. Source: docs/protocol/session.md, section 11.1. */
function networkIn(text: string): Network | undefined {
  const [address = "", length, ...more] = text.trim().split("/");
  const bytes = address.includes("%") ? undefined : addressBytes(address);
  if (bytes === undefined || more.length > 0) return undefined;
  if (length === undefined) return { bytes, bits: 8 * ADDRESS_BYTES };
  const before = address.includes(":") ? 0 : MAPPED_BITS;
  if (!/^\d{1,3}$/.test(length) || before + Number(length) > 8 * ADDRESS_BYTES) return undefined;
  return { bytes, bits: before + Number(length) };
}

/** Whether a text may stand in a list of networks. */
export function isNetwork(text: string): boolean {
  return networkIn(text) !== undefined;
}

/** Addresses and blocks an owner wrote down; what is neither matches nothing. */
export class NetworkList {
  readonly #networks: readonly Network[];

  constructor(entries: readonly string[]) {
    this.#networks = entries.map(networkIn).filter((network) => network !== undefined);
  }

  /** False for what is no address: who can't be placed is on no list. */
  has(address: string): boolean {
    const bytes = addressBytes(address);
    return bytes !== undefined && this.#networks.some((network) => samePrefix(network.bytes, bytes, network.bits));
  }
}

/** The first `bits` of an address as text, for counting; equal for all addresses of a block. */
export function prefixOf(bytes: Uint8Array, bits: number): string {
  let text = `${bits}:`;
  for (let i = 0; i * 8 < bits; i++) {
    const rest = Math.min(8, bits - i * 8);
    text += ((bytes[i] as number) & (0xff << (8 - rest)) & 0xff).toString(16).padStart(2, "0");
  }
  return text;
}

function samePrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  return prefixOf(a, bits) === prefixOf(b, bits);
}
