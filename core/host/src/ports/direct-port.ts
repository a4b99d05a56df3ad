import type { Link } from "@pulpit/link";

/**
 * Listens on a TCP port, IPv4 and IPv6, for viewers that know the address. `address`: numeric, where they come from.
 * Rejects with LinkError when the port can't be had.
 */
export type ListenDirect = (
  port: number,
  arrived: (link: Link, address: string) => void,
) => Promise<{ readonly port: number; close(): Promise<void> }>;
