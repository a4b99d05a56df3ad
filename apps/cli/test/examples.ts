import type { SettingName } from "@pulpit/host-control";

const KEY = Buffer.alloc(32, 7).toString("base64");
const yesOrNo = ["no", "perhaps"] as const;

/** For each setting a value that is none of the defaults, as it is shown again, and one that is none at all. */
export const EXAMPLES: Readonly<Record<SettingName, readonly [good: string, bad: string]>> = {
  server: ["id.example.org:21116", "not a host"],
  "server-key": [KEY, "short"],
  direct: ["no", "maybe"],
  discoverable: ["yes", "perhaps"],
  proxy: ["socks5://proxy.example.org:1080", "ftp://proxy.example.org"],
  relay: ["[2001:db8::1]:21117", "relay.example.org:port"],
  sharing: yesOrNo,
  approval: ["both", "none"],
  "one-time-password": yesOrNo,
  "one-time-length": ["10", "7"],
  "one-time-digits": ["yes", "2"],
  "one-time-renewal": ["daily", "hourly"],
  "permanent-password": yesOrNo,
  "accept-seconds": ["30", "9"],
  "accept-needs-code": ["yes", "maybe"],
  "trust-days": ["0", "366"],
  "allowed-addresses": ["10.0.0.0/8,2001:db8::/32", "10.0.0.0/33"],
  "blocked-addresses": ["192.0.2.1", "192.0.2"],
  "allowed-ids": ["friend*,12345678?", "a friend"],
  "blocked-ids": ["eve", "eve;"],
  "allow-keyboard": yesOrNo,
  "allow-clipboard": yesOrNo,
  "allow-audio": yesOrNo,
  "allow-file": yesOrNo,
  "allow-restart": yesOrNo,
  "allow-recording": yesOrNo,
  "allow-block-input": yesOrNo,
  "allow-privacy-mode": yesOrNo,
  "allow-camera": yesOrNo,
  "allow-terminal": yesOrNo,
  "allow-tunnel": yesOrNo,
  "idle-minutes": ["15", "1441"],
  notifications: yesOrNo,
  language: ["pl", "de"],
};
