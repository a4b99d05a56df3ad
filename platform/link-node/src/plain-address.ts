/** An address as people write it: IPv4 arrives as `::ffff:a.b.c.d` on dual-stack listeners. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
