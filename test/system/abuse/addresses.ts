import { networkInterfaces } from "node:os";

/** Everything in 127.0.0.0/8 is this machine, so one test can look like many sources. */
export function loopbackAddress(index: number): string {
  // The first blocks stay free for those who behave, and 0 and 255 are no addresses of hosts everywhere.
  return `127.${10 + (Math.floor(index / 64_516) % 200)}.${1 + (Math.floor(index / 254) % 254)}.${1 + (index % 254)}`;
}

/** An address of this machine that is none of the loopback ones: all of those count as one machine. */
export function outerAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}
