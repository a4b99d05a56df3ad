/**
 * The key each host showed at its first visit, by ID server key and host ID: trust on first use
 * (docs/protocol/handshake.md, section 9, row 5).
 */
export interface KnownHosts {
  /** The 32-byte Ed25519 key remembered, or undefined at the first visit. */
  get(serverKey: string, hostId: string): Promise<Uint8Array | undefined>;
  set(serverKey: string, hostId: string, key: Uint8Array): Promise<void>;
}
