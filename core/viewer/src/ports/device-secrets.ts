/**
 * What this device is trusted by at each host, so that it is not asked for a second factor again: 32 random bytes,
 * by ID server key and host ID (docs/protocol/session.md, section 10.3). A store that can't keep one forgets it.
 */
export interface DeviceSecrets {
  get(serverKey: string, hostId: string): Uint8Array | undefined;
  set(serverKey: string, hostId: string, secret: Uint8Array): void;
  forget(serverKey: string, hostId: string): void;
}
