import type { HostSecretStore, HostSecrets } from "../src/ports/host-secrets.ts";

/** Secrets that last as long as the test, on a disk that can fill up. */
export class MemorySecrets implements HostSecretStore {
  kept: HostSecrets = { trusted: [] };
  isFull = false;

  load(): HostSecrets {
    return this.kept;
  }

  save(secrets: HostSecrets): void {
    if (this.isFull) throw new Error("no space left");
    this.kept = secrets;
  }
}
