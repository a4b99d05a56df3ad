import type { Log } from "@pulpit/link-node";
import { TLS_FILES_EVERY, type TlsFiles } from "./config.ts";
import { GatewayError } from "./errors.ts";
import { concernAbout, readTlsFiles, type TlsBytes, type TlsPair, tlsPair } from "./tls-files.ts";

/** What became of looking at the files again. */
export type TlsReload =
  | { readonly type: "unchanged" }
  | { readonly type: "renewed"; readonly expires: number }
  /** The old pair stays in use. */
  | { readonly type: "kept"; readonly why: string };

/** Certificate and key as they are now, followed when the files change. */
export class TlsRenewal {
  readonly #files: TlsFiles;
  readonly #log: Log;
  readonly #renewed: (pair: TlsPair) => void;
  #pair: TlsPair;
  /** What was looked at last: a warning is worth one line for each change. */
  #seen: TlsBytes | undefined;
  #trouble: string | undefined;
  #reading: Promise<TlsReload> | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(files: TlsFiles, pair: TlsPair, world: { readonly log: Log; renewed(pair: TlsPair): void }) {
    this.#files = files;
    this.#pair = pair;
    this.#seen = pair;
    this.#log = world.log;
    this.#renewed = world.renewed;
    this.#timer = setInterval(() => void this.reload(), TLS_FILES_EVERY);
    this.#timer.unref();
    this.#voice();
  }

  get pair(): TlsPair {
    return this.#pair;
  }

  /** Looks at the files now. */
  reload(): Promise<TlsReload> {
    this.#reading ??= this.#look().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<TlsReload> {
    let changed = false;
    try {
      const bytes = await readTlsFiles(this.#files);
      changed = !same(bytes, this.#seen);
      if (!changed && this.#trouble !== undefined) return { type: "kept", why: this.#trouble };
      this.#seen = bytes;
      if (same(bytes, this.#pair)) {
        this.#trouble = undefined;
        return { type: "unchanged" };
      }
      const pair = tlsPair(bytes, this.#files);
      this.#renewed(pair);
      this.#pair = pair;
      this.#trouble = undefined;
      this.#log.info("TLS certificate renewed", { expires: new Date(pair.expires).toISOString() });
      this.#voice();
      return { type: "renewed", expires: pair.expires };
    } catch (error) {
      // A pair being replaced is half old and half new for a moment; the one in use goes on.
      const why = error instanceof GatewayError ? error.message : `TLS: the pair was not accepted (${error})`;
      if (changed || why !== this.#trouble) this.#log.warn("TLS certificate stays the old one", { reason: why });
      if (!changed) this.#seen = undefined;
      this.#trouble = why;
      return { type: "kept", why };
    }
  }

  #voice(): void {
    const concern = concernAbout(this.#pair, Date.now());
    if (concern === undefined) return;
    this.#log.warn("TLS certificate is not good", { concern, file: this.#files.certFile });
  }
}

function same(one: TlsBytes, other: TlsBytes | undefined): boolean {
  return other !== undefined && one.cert.equals(other.cert) && one.key.equals(other.key);
}
