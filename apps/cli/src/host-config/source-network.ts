import { isNetwork } from "@pulpit/protocol";
import type { Kind } from "../settings/kinds.ts";

/** From where somebody may come. */
export const sourceNetwork: Kind<string> = {
  wanted: "an IP address or a network such as 10.0.0.0/8 or 2001:db8::/32",
  read: (value) => (isNetwork(value) ? value : undefined),
  show: String,
};
