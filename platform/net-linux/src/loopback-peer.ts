import { closeSync, openSync, readSync } from "node:fs";
import { endianness } from "node:os";

/** Most of one table that is read, bytes: about a hundred thousand connections. */
const MAX_TABLE: number = 16 * 1024 * 1024;
/** Read at a time, bytes. */
const CHUNK: number = 64 * 1024;
/** The kernel gives the table in pieces, and a row may slip between two of them while others come and go. */
const TRIES = 3;

/** 127.0.0.1 as the kernel prints it: words of 32 bits, each in the machine's own order. */
const [LOOPBACK, MAPPED_LOOPBACK]: readonly [string, string] =
  endianness() === "LE"
    ? ["0100007F", "0000000000000000FFFF00000100007F"]
    : ["7F000001", "00000000000000000000FFFF7F000001"];

/** A client with an IPv6 socket may come from `::ffff:127.0.0.1`; its end is in the other table. */
const TABLES: readonly (readonly [path: string, loopback: string])[] = [
  ["/proc/net/tcp", LOOPBACK],
  ["/proc/net/tcp6", MAPPED_LOOPBACK],
];

/** Whether this system has the table that `ownerOfLoopback` reads. */
export function knowsLoopbackOwners(): boolean {
  try {
    closeSync(openSync("/proc/net/tcp", "r"));
    return true;
  } catch {
    return false;
  }
}

/**
 * The user (uid) whose socket is the client's end of a TCP connection from 127.0.0.1:clientPort to
 * 127.0.0.1:serverPort. Undefined when there is none any more, or it can't be found out; that is nobody.
 */
export function ownerOfLoopback(clientPort: number, serverPort: number): number | undefined {
  for (let tries = 0; tries < TRIES; tries++) {
    for (const [path, loopback] of TABLES) {
      const ends = `${loopback}:${hexPort(clientPort)} ${loopback}:${hexPort(serverPort)}`;
      for (const row of rowsOf(path)) {
        const owner = ownerInRow(row, ends);
        if (owner !== undefined) return owner;
      }
    }
  }
  return undefined;
}

/**
 * `sl: local remote state queues timer retransmits uid timeout inode …` (proc_net_tcp.txt of the kernel). A socket that
 * its process has closed is still listed for a while with inode 0, and then as if it were root's: it is nobody's.
 */
export function ownerInRow(row: string, ends: string): number | undefined {
  const columns = row.trim().split(/\s+/, 10);
  if (`${columns[1]} ${columns[2]}` !== ends) return undefined;
  const [owner, inode] = [Number(columns[7]), Number(columns[9])];
  return Number.isSafeInteger(owner) && inode > 0 ? owner : undefined;
}

/** Lines of a table, without its heading; none of one that is not there or can't be read. */
function* rowsOf(path: string): Generator<string> {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    // Without IPv6 there is no second table; without the first, `knowsLoopbackOwners` says so.
    return;
  }
  try {
    const chunk = new Uint8Array(CHUNK);
    const text = new TextDecoder("latin1");
    let rest = "";
    let size = 0;
    for (;;) {
      const count = readSync(file, chunk);
      size += count;
      if (count === 0 || size > MAX_TABLE) return;
      const lines = (rest + text.decode(chunk.subarray(0, count))).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    closeSync(file);
  }
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
