import { decodeSocketAddress, encodeSocketAddress, ipv4Number, ipv4Text, WireError } from "@pulpit/wire";

/** Bytes of a packed address: those of IPv6, where IPv4 is `::ffff:a.b.c.d`. */
export const ADDRESS_BYTES = 16;

/** Writes the address `host` in its usual text form to `out`. False for what is none, or means nothing without a zone. */
export function packAddress(host: string, out: Uint8Array, at: number): boolean {
  const ipv4 = ipv4Number(host);
  if (ipv4 !== undefined) {
    out.fill(0, at, at + 10);
    out[at + 10] = 0xff;
    out[at + 11] = 0xff;
    for (let i = 0; i < 4; i++) out[at + 12 + i] = ipv4 >>> (8 * i);
    return true;
  }
  if (!host.includes(":") || host.includes("%")) return false;
  try {
    const bytes = encodeSocketAddress({ host, port: 0 }, 0);
    // Shorter: IPv4 in an unusual dress.
    if (bytes.length < ADDRESS_BYTES + 2) return false;
    out.set(bytes.subarray(0, ADDRESS_BYTES), at);
    return true;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

/** The reverse. */
export function addressText(bytes: Uint8Array, at: number): string {
  if (isMappedIpv4(bytes, at)) {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at + 12, at + ADDRESS_BYTES);
    return ipv4Text((a | (b << 8) | (c << 16) | (d << 24)) >>> 0);
  }
  const address = new Uint8Array(ADDRESS_BYTES + 2);
  address.set(bytes.subarray(at, at + ADDRESS_BYTES));
  return decodeSocketAddress(address).host;
}

export function isMappedIpv4(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false;
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
}

/** An address that is good on one network card only. */
export function isLinkLocal(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xfe && ((bytes[at + 1] as number) & 0xc0) === 0x80;
}
