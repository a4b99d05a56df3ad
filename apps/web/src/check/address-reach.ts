import { ADDRESS_BYTES, packAddress } from "@pulpit/protocol";

/** Which family an address is of, and whether the whole internet knows it; undefined for what is none. */
export function reachOf(address: string): { readonly ipv6: boolean; readonly isPublic: boolean } | undefined {
  const bytes = new Uint8Array(ADDRESS_BYTES);
  if (!packAddress(address, bytes, 0)) return undefined;
  // 2000::/3 is all that is given out.
  if (address.includes(":")) return { ipv6: true, isPublic: ((bytes[0] ?? 0) & 0xe0) === 0x20 };
  const [a = 0, b = 0] = bytes.subarray(12);
  const within =
    a === 10 ||
    a === 127 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    // Of a provider's own network (RFC 6598).
    (a === 100 && b >= 64 && b < 128);
  return { ipv6: false, isPublic: !within };
}
