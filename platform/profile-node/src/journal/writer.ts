import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { HistoryEvent } from "@pulpit/host-control";
import type { Crypto, KeyPair } from "@pulpit/protocol";
import type { ProfileFolder } from "../folder.ts";
import { openOwn } from "../own-file.ts";
import { ProfileError } from "../profile-error.ts";
import { FULL_FILE, journalFile } from "./files.ts";
import { writeHead } from "./head.ts";
import { type ChainEnd, hashOf, lineOf, UNKNOWN_HASH } from "./line.ts";
import { resumeJournal } from "./resume.ts";

/** Entries that wait for room on the disk; those that come after are lost, and that is reported. */
const MAX_WAITING = 1000;
/** Lines are on disk this long after they were written at the latest, ms; so long the head may lag behind. */
const SETTLE_AFTER = 1000;
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
const NEWLINE = 10;

export interface WriterOptions {
  readonly folder: ProfileFolder;
  readonly crypto: Crypto;
  /** The host's Ed25519 keys. */
  readonly keys: KeyPair;
  /** Told once when something goes wrong, and again only after it went well in between. */
  readonly onFault: (error: Error) => void;
}

interface Waiting {
  readonly at: string;
  readonly event: HistoryEvent;
}

interface OpenFile {
  readonly descriptor: number;
  /** Bytes of whole lines. */
  size: number;
}

/** Appends signed lines. A disk that takes none stops nobody: they wait, and it goes on trying. */
export class JournalWriter {
  readonly #options: WriterOptions;
  readonly #waiting: Waiting[] = [];
  #end: ChainEnd;
  #place: number;
  #file: OpenFile | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFaulty = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    const { folder, crypto, keys } = options;
    const { end, place, fault } = resumeJournal(folder, crypto, keys.publicKey);
    this.#end = end;
    this.#place = place;
    if (fault !== undefined) options.onFault(fault);
  }

  /** The newest line written. */
  get end(): ChainEnd {
    return this.#end;
  }

  append(at: string, event: HistoryEvent): void {
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push({ at, event });
    if (this.#waiting.length === MAX_WAITING) {
      this.#options.onFault(
        new ProfileError("too-large", "too much of the history waits for the disk; the rest is lost"),
      );
    }
    this.#attempt(() => this.#writeWaiting());
    this.#timer ??= setTimeout(() => this.#settleLater(), SETTLE_AFTER).unref();
  }

  /** Writes what waits, once more, and has everything on disk; what still can't be written is lost. */
  close(): void {
    clearTimeout(this.#timer);
    this.#attempt(() => {
      this.#writeWaiting();
      this.#settle();
    });
    if (this.#file !== undefined) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #settleLater(): void {
    this.#timer = undefined;
    this.#attempt(() => {
      this.#writeWaiting();
      this.#settle();
    });
    if (this.#isFaulty) this.#timer = setTimeout(() => this.#settleLater(), SETTLE_AFTER).unref();
  }

  #attempt(act: () => void): void {
    try {
      act();
      this.#isFaulty = false;
    } catch (error) {
      if (this.#isFaulty) return;
      this.#isFaulty = true;
      this.#options.onFault(error instanceof Error ? error : new Error("the history was not kept", { cause: error }));
    }
  }

  #writeWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      this.#write(next);
      this.#waiting.shift();
    }
  }

  #write({ at, event }: Waiting): void {
    const { crypto, keys, onFault } = this.#options;
    const file = this.#fileWithRoom();
    const number = this.#end.number + 1;
    const line = lineOf({ number, at, event }, this.#end.hash, crypto, keys.secretKey);
    if (line === undefined) {
      onFault(new ProfileError("too-large", "an event does not fit into the history"));
      return;
    }
    appendLine(file, line);
    this.#end = { number, hash: hashOf(line, crypto) };
  }

  #fileWithRoom(): OpenFile {
    if (this.#file !== undefined && fstatSync(this.#file.descriptor).nlink === 0) {
      // Somebody removed it: what comes now shall be somewhere. The check finds the gap.
      closeSync(this.#file.descriptor);
      this.#file = undefined;
    }
    if (this.#file !== undefined && this.#file.size >= FULL_FILE) {
      // The head goes first: everything behind it is always in the newest file.
      this.#settle();
      closeSync(this.#file.descriptor);
      this.#file = undefined;
      this.#place++;
    }
    this.#file ??= this.#opened();
    return this.#file;
  }

  #opened(): OpenFile {
    const { folder, crypto, keys } = this.#options;
    // Before the first line of all, so that a missing head is a sign, too.
    if (this.#end.number === 0 && this.#end.hash !== UNKNOWN_HASH) writeHead(folder, this.#end, crypto, keys);
    const descriptor = openOwn(join(folder.path, journalFile(this.#place)), APPEND);
    try {
      folder.settle();
      return { descriptor, size: fstatSync(descriptor).size };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  #settle(): void {
    if (this.#file === undefined) return;
    fdatasyncSync(this.#file.descriptor);
    writeHead(this.#options.folder, this.#end, this.#options.crypto, this.#options.keys);
  }
}

/** All of the line or nothing of it. */
function appendLine(file: OpenFile, line: Uint8Array): void {
  const bytes = new Uint8Array(line.length + 1);
  bytes.set(line);
  bytes[line.length] = NEWLINE;
  // What an earlier attempt left when the disk was full.
  if (fstatSync(file.descriptor).size > file.size) ftruncateSync(file.descriptor, file.size);
  for (let done = 0; done < bytes.length; ) done += writeSync(file.descriptor, bytes, done);
  file.size += bytes.length;
}
