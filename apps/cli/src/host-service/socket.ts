import { join } from "node:path";

/** The Unix socket of the host that runs on this profile; only its owner reaches it. */
export function hostSocket(profile: string): string {
  return join(profile, "host.sock");
}
