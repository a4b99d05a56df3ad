import type { Socket } from "node:net";

/**
 * Lines of text as they come, each of at most `limit` bytes. Ends when the other side does, and as soon as a line is
 * longer.
 */
export async function* linesOf(socket: Socket, limit: number): AsyncGenerator<string, "ended" | "too-long"> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      if (size + end > limit) return "too-long";
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString("utf8");
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    size += rest.length;
    if (size > limit) return "too-long";
    if (rest.length > 0) parts.push(rest);
  }
  return "ended";
}
