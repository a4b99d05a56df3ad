import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { AddressList, AddressListError, plainAddress } from "@pulpit/link-node";
import { FailedError } from "../usage.ts";

/** Entries of one list. */
const MAX_ENTRIES = 100_000;

/**
 * Addresses and networks in a file, one a line; what follows a space is for people, as are lines with #
 * (docs/protocol/rendezvous.md, section 6.2). A file that is not there is an empty list.
 */
export class AddressFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Throws FailedError naming the line that is no address. */
  read(): readonly string[] {
    const entries = this.#lines().flatMap((line, i) => {
      const entry = entryOf(line);
      if (entry === undefined) return [];
      check(entry, `${this.path}:${i + 1}`);
      return [entry];
    });
    if (entries.length > MAX_ENTRIES) throw new FailedError(`${this.path} has more than ${MAX_ENTRIES} entries`);
    return entries;
  }

  /** Throws FailedError for what is no address; what is there already stays once. */
  add(addresses: readonly string[]): void {
    const there = new Set(this.read());
    const added = addresses.map((address) => plainAddress(address)).filter((address) => !there.has(address));
    for (const address of added) check(address, "the list");
    if (there.size + added.length > MAX_ENTRIES) throw new FailedError(`${this.path} would have too many entries`);
    if (added.length > 0) this.#write([...this.#lines(), ...new Set(added)]);
  }

  remove(addresses: readonly string[]): void {
    const gone = new Set(addresses.map((address) => plainAddress(address)));
    const there = new Set(this.read());
    const unknown = [...gone].find((address) => !there.has(address));
    if (unknown !== undefined) throw new FailedError(`'${unknown}' is not in the list`);
    this.#write(this.#lines().filter((line) => !gone.has(entryOf(line) ?? "")));
  }

  #lines(): string[] {
    try {
      return readFileSync(this.path, "utf8")
        .split(/\r?\n/)
        .filter((line, i, all) => line !== "" || i < all.length - 1);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "ENOENT") return [];
      throw new FailedError(`${this.path} can't be read (${code})`, { cause: error });
    }
  }

  /** Whole or not at all. */
  #write(lines: readonly string[]): void {
    const draft = `${this.path}.new`;
    try {
      writeFileSync(draft, lines.map((line) => `${line}\n`).join(""));
      renameSync(draft, this.path);
    } catch (error) {
      throw new FailedError(`${this.path} can't be written (${(error as { code?: string }).code})`, { cause: error });
    }
  }
}

function entryOf(line: string): string | undefined {
  const [entry = ""] = line.trim().split(/\s/);
  return entry === "" || entry.startsWith("#") ? undefined : plainAddress(entry);
}

function check(entry: string, where: string): void {
  try {
    new AddressList([entry]);
  } catch (error) {
    if (!(error instanceof AddressListError)) throw error;
    throw new FailedError(`${where}: ${error.message}`);
  }
}
