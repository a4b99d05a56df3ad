/** How far `to` is ahead of `from`, both 32-bit numbers that wrap; negative when behind. */
export function ahead(from: number, to: number): number {
  return (to - from) | 0;
}

/** The number `steps` after `from`, wrapped to 32 bits. */
export function advanced(from: number, steps: number): number {
  return (from + steps) >>> 0;
}
