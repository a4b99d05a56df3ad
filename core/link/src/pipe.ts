import type { Link } from "./link.ts";

/**
 * Copies messages both ways until either link ends, then closes both. The relay's data path; empty messages
 * are swallowed, as in stock (docs/protocol/rendezvous.md, section 4.14).
 * `moved` is called with the bytes of each message before it is sent on and may hold it back.
 * Resolves with undefined on a clean end and with the error of the link that broke first otherwise.
 */
export async function pipe(a: Link, b: Link, moved: (bytes: number) => Promise<void> | undefined): Promise<unknown> {
  let failure: unknown;
  async function send(message: Uint8Array, to: Link): Promise<"sent" | "gone"> {
    try {
      await to.send(message);
      return "sent";
    } catch (error) {
      failure ??= error;
      return "gone";
    }
  }
  async function copy(from: Link, to: Link): Promise<void> {
    try {
      for (let message = await from.receive(); message !== undefined; message = await from.receive()) {
        if (message.length === 0) continue;
        await moved(message.length);
        // Who is gone may have last messages on their way: the other direction ends both when they have left.
        if ((await send(message, to)) === "gone") return;
      }
    } catch (error) {
      failure ??= error;
    }
    await Promise.all([from.close(), to.close()]);
  }
  await Promise.all([copy(a, b), copy(b, a)]);
  await Promise.all([a.close(), b.close()]);
  return failure;
}
