import { ADDRESS_BYTES, addressText, isMappedIpv4, packAddress } from "../rendezvous/packed-address.ts";
import { MAGIC_COOKIE } from "./message.ts";

const IPV4 = 1;
const IPV6 = 2;

/** An IP address in its usual text form and a port. */
interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Value of XOR-MAPPED-ADDRESS: 8 bytes for IPv4, also when it comes in the dress of IPv6, 20 for IPv6; undefined for what
 * is no address. The exclusive-or hides it from middleboxes that rewrite what looks like one. RFC 8489, section 14.2.
 */
export function encodeMappedAddress({ host, port }: Address, transaction: Uint8Array): Uint8Array | undefined {
  const packed = new Uint8Array(ADDRESS_BYTES);
  // Without the zone: it is the server's own name for a network card.
  if (!packAddress(host.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, ""), packed, 0)) return undefined;
  const address = isMappedIpv4(packed, 0) ? packed.subarray(12) : packed;
  const value = new Uint8Array(4 + address.length);
  const data = new DataView(value.buffer);
  data.setUint8(1, address.length === 4 ? IPV4 : IPV6);
  data.setUint16(2, port ^ (MAGIC_COOKIE >>> 16));
  value.set(masked(address, transaction), 4);
  return value;
}

/** The reverse; undefined for lengths and families that do not fit. */
export function decodeMappedAddress(value: Uint8Array, transaction: Uint8Array): Address | undefined {
  const family = value[1];
  const isIpv4 = family === IPV4 && value.length === 8;
  if (!isIpv4 && !(family === IPV6 && value.length === 20)) return undefined;
  const address = masked(value.subarray(4), transaction);
  const packed = new Uint8Array(ADDRESS_BYTES);
  if (isIpv4) packed.set([0xff, 0xff], 10);
  packed.set(address, ADDRESS_BYTES - address.length);
  const port = (((value[2] as number) << 8) | (value[3] as number)) ^ (MAGIC_COOKIE >>> 16);
  return { host: addressText(packed, 0), port };
}

function masked(address: Uint8Array, transaction: Uint8Array): Uint8Array {
  const mask = new Uint8Array(ADDRESS_BYTES);
  new DataView(mask.buffer).setUint32(0, MAGIC_COOKIE);
  mask.set(transaction, 4);
  return address.map((byte, i) => byte ^ (mask[i] as number));
}
