import type { BindShared } from "@pulpit/link-node";
import { bindSharedPort, isAvailable } from "@pulpit/net-linux";

/** Sockets that share a local port, where the system is one that net-linux knows; stock's way otherwise. */
export function shared(): { readonly bindShared?: BindShared } {
  return isAvailable() ? { bindShared: bindSharedPort } : {};
}
