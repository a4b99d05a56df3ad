import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const PROGRAMS = { ip: "iproute2", nft: "nftables" } as const;
/** Capabilities by their bits (linux/capability.h): root in a container often has neither. */
const NEEDED = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n } as const;

/** Why a user cannot have a lab here, in words for a person; undefined when they can. */
export function whyNoLab(user: number | undefined = process.getuid?.()): string | undefined {
  if (process.platform !== "linux") return "the NAT lab needs Linux";
  if (user !== 0) return "the NAT lab needs root: it makes network namespaces";
  for (const [program, debianPackage] of Object.entries(PROGRAMS))
    if (!isInstalled(program)) return `the NAT lab needs ${program} (Debian: ${debianPackage})`;
  for (const [name, bit] of Object.entries(NEEDED))
    if (((capabilities() >> bit) & 1n) === 0n) return `the NAT lab needs ${name}`;
  if (!can("/dev/net/tun", constants.R_OK | constants.W_OK)) return "the NAT lab needs /dev/net/tun";
  return undefined;
}

/** For tests: the reason to skip. On the build machine nothing is skipped, so that a missing lab shows. */
export function skipWithoutLab(): string | false {
  return process.env.CI === undefined ? (whyNoLab() ?? false) : false;
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => can(join(folder, program), constants.X_OK));
}

function capabilities(): bigint {
  const [, effective = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return BigInt(`0x${effective}`);
}

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    // Missing or forbidden: that is the answer.
    return false;
  }
}
