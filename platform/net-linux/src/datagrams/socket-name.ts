import { ADDRESS_BYTES, addressText, type Endpoint, packAddress } from "@pulpit/protocol";

const AF_INET = 2;
const AF_INET6 = 10;

/** IPv6 sockets take IPv4 as well; where there is no IPv6, or one is bound to an IPv4 address, there is IPv4 only. */
export type Family = "ipv4" | "ipv6";

/** How sockaddr_in and sockaddr_in6 are laid out. The port, in network order, is the third and fourth byte of both. */
const LAYOUT = {
  ipv4: { number: AF_INET, size: 16, address: 4, addressBytes: 4 },
  ipv6: { number: AF_INET6, size: 28, address: 8, addressBytes: ADDRESS_BYTES },
} as const;
const ZONE_AT = 24;

export function familyNumber(family: Family): number {
  return LAYOUT[family].number;
}

export function nameSize(family: Family): number {
  return LAYOUT[family].size;
}

/** Where an address of this family is read into; the part that is the same for all of them is there already. */
export function packedAddress(family: Family): Uint8Array {
  const packed = new Uint8Array(ADDRESS_BYTES);
  if (family === "ipv4") packAddress("0.0.0.0", packed, 0);
  return packed;
}

/** Reads the address of a name that the system wrote at `at` into what `packedAddress` gave; the port is the result. */
export function readName(family: Family, bytes: Uint8Array, at: number, packed: Uint8Array): number {
  const { address, addressBytes } = LAYOUT[family];
  const gap = ADDRESS_BYTES - addressBytes;
  for (let i = 0; i < addressBytes; i++) packed[gap + i] = bytes[at + address + i] as number;
  return portOf(bytes, at);
}

export function portOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

/** The network card a link-local address is good on; 0 for other addresses. */
export function zoneOf(family: Family, bytes: Uint8Array, at: number): number {
  if (family === "ipv4") return 0;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + ZONE_AT, true);
}

/** The name of an endpoint for the system; undefined when it can't be reached from a socket of this family. */
export function socketName(family: Family, { host, port }: Endpoint): Uint8Array | undefined {
  const { number, size, address, addressBytes } = LAYOUT[family];
  const [plain = "", zone] = host.split("%");
  const packed = new Uint8Array(ADDRESS_BYTES);
  if (!packAddress(plain, packed, 0)) return undefined;
  if (family === "ipv4" && addressText(packed, 0).includes(":")) return undefined;
  const name = new Uint8Array(size);
  const view = new DataView(name.buffer);
  view.setUint16(0, number, true);
  view.setUint16(2, port);
  name.set(packed.subarray(ADDRESS_BYTES - addressBytes), address);
  if (zone !== undefined && family === "ipv6") view.setUint32(ZONE_AT, Number(zone) || 0, true);
  return name;
}
