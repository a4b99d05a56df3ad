import type { ProfileFolder } from "./folder.ts";
import { ProfileError } from "./profile-error.ts";

const FILE = "attempts.json";
/** Largest snapshot, bytes: ten thousand addresses fit several times over. */
const MAX_SNAPSHOT = 4 * 1024 * 1024;

/** Keeps who failed how often over a restart. A host goes on without it: neither member throws. */
export interface AttemptsFile {
  /** The snapshot saved last, as JSON; undefined when there is none or it can't be read, which has been reported. */
  load(): unknown;
  save(snapshot: unknown): void;
}

/** `onFault` is told what could not be read or kept. */
export function attemptsIn(folder: ProfileFolder, onFault: (error: Error) => void): AttemptsFile {
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      onFault(error instanceof Error ? error : new Error("attempts were not kept", { cause: error }));
      return undefined;
    }
  };
  return {
    load: () => attempt(() => folder.read(FILE, MAX_SNAPSHOT)),
    save: (snapshot) =>
      attempt(() => {
        // Compact: it is written often, and nobody reads it.
        const bytes = new TextEncoder().encode(JSON.stringify(snapshot));
        if (bytes.length > MAX_SNAPSHOT) throw new ProfileError("too-large", `${FILE} would be too large; not kept`);
        folder.writeBytes(FILE, bytes);
      }),
  };
}
