/** Everything an owner can decide about a host, by the names of `pulpit host set`; kinds and meanings are in its table. */
export const SETTING_NAMES = [
  "server", // host[:port] of the ID server
  "server-key", // its public key, base64
  "relay", // host[:port]; empty: the server's choice
  "direct", // yes or no: whether viewers may come without the relay
  "proxy", // socks5://, http:// or https://; empty: none
  "direct-access", // yes or no: whether viewers that know the address may come without an ID server
  "direct-port", // TCP port for them
  "direct-networks", // from where; empty: private networks
  "direct-unencrypted", // yes: stock viewers, which don't encrypt there, as well
  "discoverable", // yes or no: whether this network is told ID, name and system
  "sharing", // yes or no: stopped stays stopped over a restart
  "approval", // password, click, either (password or click), both (password, then click)
  "one-time-password", // yes or no
  "one-time-length", // 6, 8 or 10
  "one-time-digits", // yes: digits only
  "one-time-renewal", // after-use, daily or manual
  "permanent-password", // yes or no: whether the one that is set lets anybody in
  "accept-seconds", // how long a request waits before it is denied
  "accept-needs-code", // yes: a click does not replace the second factor
  "trust-days", // how long a device is trusted; 0: never
  "allowed-addresses", // empty: all
  "blocked-addresses",
  "allowed-ids", // patterns with * and ?; empty: all
  "blocked-ids",
  "allow-keyboard",
  "allow-clipboard",
  "allow-audio",
  "allow-file",
  "allow-restart",
  "allow-recording",
  "allow-block-input",
  "allow-privacy-mode",
  "allow-camera",
  "allow-terminal",
  "allow-tunnel",
  "idle-minutes", // sessions without any input end after it; 0: never
  "notifications", // desktop notifications
  "language", // of notifications: en, pl; empty: the system's
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];
