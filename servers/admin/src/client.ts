import { createConnection, type Socket } from "node:net";
import { ANSWER_WITHIN, MAX_ANSWER, MAX_PATH } from "./config.ts";
import { AdminError, type AdminErrorCode } from "./errors.ts";
import { linesOf } from "./lines.ts";

/**
 * Asks whoever has this socket. Throws AdminError: "not-running" when nobody answers there. The answer is what that
 * desk gives for the question; its table of questions tells.
 */
export async function ask(path: string, name: string, what: object): Promise<unknown> {
  const socket = await connected(path);
  try {
    socket.setTimeout(ANSWER_WITHIN, () => socket.destroy(new Error("no answer in time")));
    socket.write(`${JSON.stringify({ ...what, question: name })}\n`);
    const { value: line, done } = await linesOf(socket, MAX_ANSWER).next();
    if (done) throw new AdminError("broken", "It ended without an answer");
    return answerIn(line);
  } catch (error) {
    if (error instanceof AdminError) throw error;
    throw new AdminError("broken", `It could not be asked: ${(error as Error).message}`, { cause: error });
  } finally {
    socket.destroy();
  }
}

/** Whether a server has this socket, even one that does not answer. */
export async function isRunning(path: string): Promise<boolean> {
  try {
    (await connected(path)).destroy();
    return true;
  } catch (error) {
    return !(error instanceof AdminError && error.code === "not-running");
  }
}

async function connected(path: string): Promise<Socket> {
  // Nothing can listen there; and the system would cut the path and ask somebody else.
  if (Buffer.byteLength(path) > MAX_PATH) throw new AdminError("not-running", `No server can run at ${path}`);
  const socket = createConnection(path);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const nobody = error.code === "ENOENT" || error.code === "ECONNREFUSED";
      const message = nobody ? `Nobody is there (${path})` : `It can't be asked: ${error.message}`;
      reject(new AdminError(nobody ? "not-running" : "broken", message, { cause: error }));
    });
  });
  return socket;
}

function answerIn(line: string): unknown {
  const { answer, error } = JSON.parse(line) as {
    answer?: unknown;
    error?: { readonly code: AdminErrorCode; readonly message: string };
  };
  if (error !== undefined) throw new AdminError(error.code, error.message);
  if (answer === undefined) throw new AdminError("broken", "It gave no answer");
  return answer;
}
