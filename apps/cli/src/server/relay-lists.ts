import { join } from "node:path";
import type { RelayList } from "@pulpit/admin";
import type { RelayServer } from "@pulpit/relay";
import type { ServerConfig } from "../server-config/server-config.ts";
import { AddressFile } from "./address-file.ts";

/** Who is not relayed, and who is relayed slowly: files of the owner, and the relay that goes by them. */
export class RelayLists {
  readonly #files: Readonly<Record<RelayList, AddressFile>>;

  constructor({ blocklist, blacklist }: Pick<ServerConfig, "blocklist" | "blacklist">, dataFolder: string) {
    this.#files = {
      refused: new AddressFile(blocklist ?? join(dataFolder, "blocklist.txt")),
      throttled: new AddressFile(blacklist ?? join(dataFolder, "blacklist.txt")),
    };
  }

  /** Throws FailedError naming the line that is no address. */
  read(): Readonly<Record<RelayList, readonly string[]>> {
    return { refused: this.#files.refused.read(), throttled: this.#files.throttled.read() };
  }

  /** What the files say now holds from now on. Throws FailedError; everything stays as it was then. */
  apply(relay: RelayServer): void {
    const { refused, throttled } = this.read();
    relay.setRefused(refused);
    relay.setThrottled(throttled);
  }

  change(list: RelayList, how: "add" | "remove", addresses: readonly string[], relay: RelayServer): void {
    this.#files[list][how](addresses);
    this.apply(relay);
  }
}
