import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Something in a list that is neither an address nor a network. */
export class AddressListError extends Error {
  readonly code = "not-an-address";
  readonly retryable = false;
  /** What stands in the list. */
  readonly entry: string;

  constructor(entry: string) {
    super(`"${entry}" is neither an IP address nor a network such as 10.0.0.0/8`);
    this.entry = entry;
  }
}

/** Addresses and networks that an owner wrote down. Throws AddressListError for what is neither. */
export class AddressList {
  readonly #list = new BlockList();
  readonly size: number;

  constructor(entries: readonly string[]) {
    this.size = entries.length;
    for (const entry of entries) this.#add(entry);
  }

  /** An IPv4 address is itself in either of its forms; what is no address is in no list. */
  has(address: string): boolean {
    const bare = address.replace(/%.*$/, "");
    if (isIPv4(bare)) return this.#list.check(bare, "ipv4");
    return isIPv6(bare) && this.#list.check(bare, "ipv6");
  }

  #add(entry: string): void {
    const [address = "", prefix, ...more] = entry.trim().split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    if ((family === "ipv6" && !isIPv6(address)) || address.includes("%") || more.length > 0)
      throw new AddressListError(entry);
    if (prefix === undefined) this.#list.addAddress(address, family);
    else if (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === "ipv4" ? 32 : 128))
      this.#list.addSubnet(address, Number(prefix), family);
    else throw new AddressListError(entry);
  }
}
