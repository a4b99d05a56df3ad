/** Digits in groups of three, the way they are read out. Anything else stays as it is. */
export function groupHostId(id: string): string {
  const bare = id.replace(/\s+/gu, "");
  return /^\d+$/.test(bare) ? bare.replace(/(?<=\d)(?=(\d{3})+$)/g, " ") : id;
}
