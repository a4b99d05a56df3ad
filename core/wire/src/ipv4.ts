/** An IPv4 address as a number, its first octet in the lowest byte as on the wire; undefined for anything else. */
export function ipv4Number(text: string): number | undefined {
  let address = 0;
  let octet = -1;
  let shift = 0;
  for (let i = 0; i <= text.length; i++) {
    const digit = i < text.length ? text.charCodeAt(i) - 48 : -2;
    if (digit >= 0 && digit <= 9) {
      octet = Math.max(octet, 0) * 10 + digit;
      if (octet > 255) return undefined;
    } else if (digit === -2 && octet >= 0 && shift <= 24) {
      // Multiplied, not shifted: the last octet would run into the sign bit.
      address += octet * 2 ** shift;
      shift += 8;
      octet = -1;
    } else return undefined;
  }
  return shift === 32 ? address : undefined;
}

/** The reverse. */
export function ipv4Text(address: number): string {
  return `${address & 255}.${(address >>> 8) & 255}.${(address >>> 16) & 255}.${address >>> 24}`;
}
