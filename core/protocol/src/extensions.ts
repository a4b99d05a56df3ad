/** Numbers of what Pulpit peers speak beyond the stock wire (docs/protocol/extensions.md). */
export const Extension = {
  /** The ID server signs tickets, for relays that join nobody without one. */
  ticket: 1,
  /** Connections to an IP address are encrypted, too. */
  directEncrypted: 2,
  /** The encrypted connection to an ID server has a key for each direction. */
  serverChannel: 7,
  /** Beside a data channel there is a connection for datagrams, with congestion control of our own. */
  datagrams: 9,
} as const;
