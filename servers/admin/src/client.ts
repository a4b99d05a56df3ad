import { createConnection, type Socket } from "node:net";
import { ANSWER_WITHIN, MAX_ANSWER, MAX_PATH } from "./config.ts";
import { AdminError, type AdminErrorCode } from "./errors.ts";
import { linesOf } from "./lines.ts";
import type { Answer, Ask, QuestionName } from "./questions.ts";

/** Asks the server whose socket this is. Throws AdminError: "not-running" when nobody answers there. */
export async function ask<N extends QuestionName>(path: string, name: N, what: Ask<N>): Promise<Answer<N>> {
  const socket = await connected(path);
  try {
    socket.setTimeout(ANSWER_WITHIN, () => socket.destroy(new Error("no answer in time")));
    socket.write(`${JSON.stringify({ question: name, ...what })}\n`);
    const { value: line, done } = await linesOf(socket, MAX_ANSWER).next();
    if (done) throw new AdminError("broken", "The server ended without an answer");
    return answerIn(line);
  } catch (error) {
    if (error instanceof AdminError) throw error;
    throw new AdminError("broken", `The server could not be asked: ${(error as Error).message}`, { cause: error });
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
      const message = nobody ? `No server is running (${path})` : `The server can't be asked: ${error.message}`;
      reject(new AdminError(nobody ? "not-running" : "broken", message, { cause: error }));
    });
  });
  return socket;
}

function answerIn<N extends QuestionName>(line: string): Answer<N> {
  const { answer, error } = JSON.parse(line) as {
    answer?: Answer<N>;
    error?: { readonly code: AdminErrorCode; readonly message: string };
  };
  if (error !== undefined) throw new AdminError(error.code, error.message);
  if (answer === undefined) throw new AdminError("broken", "The server gave no answer");
  return answer;
}
