import type { LoginRequest } from "@pulpit/wire";
import type { Scope } from "../session/gate.ts";
import type { Permission } from "../session/permissions.ts";
import { LoginError } from "./texts.ts";

/** Kinds that need a permission of their own, and what to say when it is missing (docs/protocol/session.md, section 5). */
const NEEDED: Readonly<Record<Exclude<Scope, "desktop">, readonly [Permission, string]>> = {
  files: ["file", LoginError.noFileTransfer],
  camera: ["camera", LoginError.noCamera],
  terminal: ["terminal", LoginError.noTerminal],
  tunnel: ["tunnel", LoginError.noTunnel],
};

/** What the viewer hears when this kind is not offered; undefined when it is. */
export function notOffered(scope: Scope, granted: ReadonlySet<Permission>): string | undefined {
  if (scope === "desktop") return undefined;
  const [permission, text] = NEEDED[scope];
  return granted.has(permission) ? undefined : text;
}

export function scopeOf(request: LoginRequest): Scope {
  switch (request.union.case) {
    case "fileTransfer":
      return "files";
    case "viewCamera":
      return "camera";
    case "terminal":
      return "terminal";
    case "portForward":
      return "tunnel";
    case undefined:
      return "desktop";
  }
}

/** Kind and target of a request, and who asks: frozen by the first one (section 4). */
export function intentOf(request: LoginRequest): string {
  const { union } = request;
  const detail = JSON.stringify(union.value ?? "", (_, value) => (typeof value === "bigint" ? `${value}` : value));
  return `${union.case}\n${request.myId}\n${detail}`;
}
