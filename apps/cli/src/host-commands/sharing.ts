import { nothingMore } from "../server-commands/server-command.ts";
import { UsageError } from "../usage.ts";
import { type HostCommand, said } from "./host-command.ts";

export const start: HostCommand = {
  name: "start",
  usage: [["start", "Share this computer again after 'stop'"]],
  async run({ args, ask, isRunning }) {
    nothingMore(args);
    await ask("service.start", {});
    return said((await isRunning()) ? "This computer is shared" : "It will be shared once 'pulpit host' runs");
  },
};

export const stop: HostCommand = {
  name: "stop",
  usage: [["stop", "Hang up on everybody and share nothing until 'start', over a restart too"]],
  async run({ args, ask }) {
    nothingMore(args);
    await ask("service.stop", {});
    return said("Nothing is shared any more; 'pulpit host start' takes that back");
  },
};

export const answer: HostCommand = {
  name: "answer",
  usage: [["answer REQUEST yes|no", "Let somebody in who asks, or not; 'status' lists who does"]],
  async run({ args: [request, word, ...more], ask }) {
    const accept = word === "yes" ? true : word === "no" ? false : undefined;
    if (request === undefined || accept === undefined || more.length > 0) {
      throw new UsageError("Whom to let in? pulpit host answer REQUEST yes|no");
    }
    await ask("request.answer", { request, accept });
    return said(accept ? "Let in" : "Denied");
  },
};

export const end: HostCommand = {
  name: "end",
  usage: [["end SESSION [--block]", "Hang up; with --block neither that ID nor that address gets in again"]],
  switches: ["block"],
  async run({ args: [session, ...more], flags, ask }) {
    if (session === undefined) throw new UsageError("Which session? 'pulpit host status' lists them");
    nothingMore(more);
    await ask("session.end", { session, block: flags.block === true });
    return said("Ended");
  },
};

export const permit: HostCommand = {
  name: "permit",
  usage: [["permit SESSION PERMISSION yes|no", "Give or take a permission while a session runs"]],
  async run({ args: [session, permission, word, ...more], ask }) {
    if (session === undefined || permission === undefined || (word !== "yes" && word !== "no") || more.length > 0) {
      throw new UsageError("pulpit host permit SESSION PERMISSION yes|no, such as: permit s1 keyboard no");
    }
    await ask("session.permit", { session, permission, granted: word === "yes" });
    return said(word === "yes" ? `${permission} is granted` : `${permission} is taken away`);
  },
};
