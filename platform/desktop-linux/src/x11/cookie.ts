import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** What proves to an X server that we may come in. */
export interface Cookie {
  readonly name: string;
  /** One character for each byte. */
  readonly data: string;
}

const NO_COOKIE: Cookie = { name: "", data: "" };
const COOKIE_NAME = "MIT-MAGIC-COOKIE-1";

/**
 * Undefined: the package looks the cookie up itself. It ends the whole process over a file that it may not read
 * (one that root left in a home folder, say); then it is asked to go without.
 */
export async function cookieFor(): Promise<Cookie | undefined> {
  const file = process.env.XAUTHORITY || join(homedir(), ".Xauthority");
  try {
    await access(file, constants.R_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : NO_COOKIE;
  }
}

/** A cookie of 16 random bytes and the file that tells it to a server: for any address and display. */
export function newCookie(random: Uint8Array): { readonly cookie: Cookie; readonly file: Uint8Array } {
  const name = Buffer.from(COOKIE_NAME, "latin1");
  const file = Buffer.alloc(10 + name.length + random.length);
  // FamilyWild, then address, display, name and data, each with its length before it.
  file.writeUInt16BE(0xffff, 0);
  file.writeUInt16BE(name.length, 6);
  name.copy(file, 8);
  file.writeUInt16BE(random.length, 8 + name.length);
  file.set(random, 10 + name.length);
  return { cookie: { name: COOKIE_NAME, data: Buffer.from(random).toString("latin1") }, file };
}
