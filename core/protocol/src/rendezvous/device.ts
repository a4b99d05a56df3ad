/** What the ID server keeps of a device (docs/protocol/rendezvous.md, section 5.2). */
export interface DeviceRecord {
  readonly id: string;
  /** Opaque bytes the device chose; an ID belongs to the first that claims it. */
  readonly uuid: Uint8Array;
  /** 32-byte Ed25519 key. */
  readonly publicKey: Uint8Array;
  /** IP address of its last key registration. */
  readonly address: string;
}

/** An IP address and port as a server sees a sender. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.");
}
