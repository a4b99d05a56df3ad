/** Goes along with the paths of sessions that a person has started on this page; it outlives a reload, but not a copy. */
export const CHOSEN = { chosen: true } as const;

/** Whether the person started this here. What a link or a bookmark leads to waits for them. */
export function isChosen(state: unknown): boolean {
  return typeof state === "object" && state !== null && (state as { chosen?: unknown }).chosen === true;
}
