const KEY = "pulpit.recent";
/** Computers kept in the list. */
const MAX_PEERS = 20;
const MAX_TEXT = 128;

/** A computer somebody connected to from this browser. Never holds a password. */
export interface RecentPeer {
  readonly id: string;
  readonly hostname: string;
  readonly username: string;
  readonly platform: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The list, latest first; whatever is stored and makes no sense is left out. */
export function readRecent(storage: Storage): readonly RecentPeer[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.flatMap((item) => peerOf(item)).slice(0, MAX_PEERS) : [];
  } catch {
    return [];
  }
}

/** The peer goes to the top. Returns the new list. */
export function rememberPeer(storage: Storage, peer: RecentPeer): readonly RecentPeer[] {
  return save(storage, [peer, ...readRecent(storage).filter(({ id }) => id !== peer.id)].slice(0, MAX_PEERS));
}

export function forgetPeer(storage: Storage, id: string): readonly RecentPeer[] {
  return save(
    storage,
    readRecent(storage).filter((peer) => peer.id !== id),
  );
}

export function forgetAll(storage: Storage): readonly RecentPeer[] {
  return save(storage, []);
}

function save(storage: Storage, peers: readonly RecentPeer[]): readonly RecentPeer[] {
  storage.setItem(KEY, JSON.stringify(peers));
  return peers;
}

function peerOf(item: unknown): RecentPeer[] {
  const { id, hostname, username, platform, at } = (item ?? {}) as Record<string, unknown>;
  const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, MAX_TEXT) : "");
  if (typeof id !== "string" || id === "") return [];
  return [
    {
      id: id.slice(0, 253),
      hostname: text(hostname),
      username: text(username),
      platform: text(platform),
      at: typeof at === "number" ? at : 0,
    },
  ];
}
