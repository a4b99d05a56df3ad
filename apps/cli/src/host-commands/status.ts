import type { HostView, SessionView, Trouble } from "@pulpit/host-control";
import type { Env } from "../env.ts";
import { hostServiceState } from "../host-install/host-install.ts";
import { grouped } from "../screen-text.ts";
import { nothingMore } from "../server-commands/server-command.ts";
import { sheet, table } from "../server-commands/table.ts";
import type { HostCommand } from "./host-command.ts";

const TROUBLES: Readonly<Record<Trouble, string>> = {
  "no-server": "the ID server does not answer",
  "wrong-key": "whoever answers as the ID server has another key than it should",
  "id-taken": "the ID is somebody else's at this server",
  "not-approved": "the server's administrator has not let this computer in yet",
  refused: "the ID server says no",
  "not-configured": "no ID server is named: pulpit host set server HOST, and server-key KEY",
  "no-desktop": "there is no screen to share",
};

export const status: HostCommand = {
  name: "status",
  usage: [["status", "Whether this computer can be reached, by what ID, and who is on it"]],
  async run({ args, env, ask, isRunning }) {
    nothingMore(args);
    const running = await isRunning();
    const services = await installed(env);
    // The one-time password is for the screen of this computer, not for scripts and their logs.
    const { oneTimePassword, ...view } = await ask("view", {});
    return { value: { running, services, ...view }, text: text(view, running, services), exitCode: running ? 0 : 1 };
  },
};

/** Services that start it by themselves. */
async function installed(env: Env): Promise<readonly string[]> {
  const kinds = ["user", "system"] as const;
  // Not every system has both kinds.
  const states = await Promise.all(kinds.map(async (kind) => hostServiceState(kind, env).catch(() => "absent")));
  return kinds.flatMap((kind, i) => (states[i] === "absent" ? [] : [`${kind}, ${states[i]}`]));
}

function text(view: Omit<HostView, "oneTimePassword">, running: boolean, services: readonly string[]): string {
  const lines = sheet([
    ["ID", grouped(view.id)],
    ["Fingerprint", view.fingerprint],
    ["State", running ? stateText(view) : "Pulpit does not run; 'pulpit host' starts it"],
    ["Service", services.join("; ") || "none; 'pulpit host install' makes one"],
    ["Server", view.service.server || "none"],
    ["At its address", addressText(view)],
    ["Permanent password", view.permanentPassword ? "set" : "none"],
    ["Second factor", view.secondFactor.on ? `on, ${view.secondFactor.recoveryCodes} recovery codes left` : "off"],
  ]);
  const asking = view.requests.map(({ request, viewer, scope }) => [
    request,
    viewer.name,
    viewer.id,
    viewer.address,
    scope,
  ]);
  const parts = [lines];
  if (asking.length > 0) parts.push(table(["ASKS", "NAME", "ID", "FROM", "FOR"], asking));
  if (view.sessions.length > 0) {
    parts.push(table(["SESSION", "NAME", "ID", "FROM", "SINCE", "WAY", "MAY"], view.sessions.map(sessionRow)));
  }
  return parts.join("\n\n");
}

function stateText({ service }: Omit<HostView, "oneTimePassword">): string {
  const { state, trouble } = service;
  if (state === "trouble" && trouble !== undefined) return TROUBLES[trouble];
  if (state === "address-only") return "ready at its address; no ID server is named";
  return { ready: "ready", connecting: "connecting", stopped: "stopped by its owner", trouble: "trouble" }[state];
}

/** What people type to come without an ID server. */
function addressText({ service: { direct }, settings }: Omit<HostView, "oneTimePassword">): string {
  if (settings["direct-access"] !== "yes") return "off";
  if (direct === undefined) return "nobody can come now";
  if ("failed" in direct) return `nobody can come: ${direct.failed}`;
  return direct.addresses.join(", ") || `port ${direct.port}, but this computer has no address for others`;
}

function sessionRow({ session, viewer, since, route, encrypted, granted }: SessionView): readonly string[] {
  const way = encrypted ? route : `${route}, NOT ENCRYPTED`;
  return [session, viewer.name, viewer.id, viewer.address, since, way, granted.join(",")];
}
