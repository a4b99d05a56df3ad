// A program of its own: waits until this user has a desktop, then becomes the program that it was given, inside of that
// desktop's session. A service starts without DISPLAY and XAUTHORITY, and often before anybody has logged in.
import { setTimeout as wait } from "node:timers/promises";
import { x11Answers } from "@pulpit/desktop-linux";
import { graphicalSessions, type SessionVariables } from "./graphical-session.ts";

/** How often we look for a desktop while there is none, ms: soon enough for somebody who logs in. */
const LOOK_EVERY = 2_000;

/** The first session whose X server lets us in. */
async function session(proc: string, uid: number): Promise<SessionVariables> {
  for (let told = false; ; told = true) {
    for (const found of await graphicalSessions(proc, uid)) {
      // The X client looks for its cookie by this variable.
      if (found.XAUTHORITY === undefined) delete process.env.XAUTHORITY;
      else process.env.XAUTHORITY = found.XAUTHORITY;
      if (await x11Answers(found.DISPLAY)) return found;
    }
    if (!told) process.stdout.write("Waiting for this user to log in to a desktop\n");
    await wait(LOOK_EVERY);
  }
}

const [program, ...args] = process.argv.slice(2);
if (program === undefined || process.execve === undefined || process.getuid === undefined) {
  process.stderr.write("in-session: wants the path of a program, on Linux\n");
  process.exit(2);
}
// Tests have a proc(5) of their own.
const { PULPIT_PROC = "/proc", ...env } = process.env;
const found = await session(PULPIT_PROC, process.getuid());
process.stdout.write(`Sharing display ${found.DISPLAY}\n`);
process.execve(program, [program, ...args], { ...env, ...found });
