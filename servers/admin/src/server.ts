import { lstatSync, mkdirSync, unlinkSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Log } from "@pulpit/link-node";
import { isRunning } from "./client.ts";
import { IDLE_LIMIT, MAX_ANSWER, MAX_CONNECTIONS, MAX_PATH, MAX_QUESTION } from "./config.ts";
import type { Desk } from "./desk.ts";
import { AdminError } from "./errors.ts";
import { linesOf } from "./lines.ts";

/**
 * Listens on a Unix socket that only its owner reaches: one JSON object a line asks, one a line answers. Throws
 * AdminError "already-running" when a server has it; what a dead one left behind is removed.
 */
export async function startAdmin(path: string, desk: Desk, world: { readonly log: Log }): Promise<AsyncDisposable> {
  const { log } = world;
  await makeWay(path);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    // A reader that has gone is nobody to tell.
    socket.on("error", () => socket.destroy());
    socket.setTimeout(IDLE_LIMIT, () => socket.destroy());
    void serve(socket, desk, log);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // The folder may be the owner's own and open to others: not for a moment is this socket.
    const usual = process.umask(0o177);
    server.listen(path, () => resolve());
    process.umask(usual);
  });
  log.info("administration ready", { path });
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Folder for the owner alone, and nothing in the place of the socket. */
async function makeWay(path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH)
    throw new AdminError("path", `The path of the administration socket is too long for the system: ${path}`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isSocket()) throw new AdminError("path", `${path} is in the way: it is no socket`);
  if (!(await isRunning(path))) return unlinkSync(path);
  throw new AdminError("already-running", `Pulpit runs on this data folder already (${dirname(path)})`);
}

async function serve(socket: Socket, desk: Desk, log: Log): Promise<void> {
  try {
    for await (const line of linesOf(socket, MAX_QUESTION)) {
      const answer = `${await answerTo(line, desk, log)}\n`;
      // One at a time: who does not read is not answered any further.
      if (!socket.write(answer)) await drained(socket);
    }
    socket.end();
  } catch {
    // The connection broke; whoever asked knows.
    socket.destroy();
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("drain", resolve);
    socket.once("close", resolve);
  });
}

async function answerTo(line: string, desk: Desk, log: Log): Promise<string> {
  const question = desk.take(parsed(line));
  if (question === undefined) return failure("bad-question", "The question is not known here");
  try {
    const text = JSON.stringify({ answer: await question.answer() });
    return text.length > MAX_ANSWER ? failure("refused", "The answer is too long") : text;
  } catch (error) {
    if (error instanceof AdminError) return failure(error.code, error.message);
    log.error("administration failed", { question: question.name, reason: String(error) });
    return failure("broken", error instanceof Error ? error.message : "It failed");
  }
}

function failure(code: string, message: string): string {
  return JSON.stringify({ error: { code, message } });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
