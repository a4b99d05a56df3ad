import type { LoginRequest } from "@pulpit/wire";
import type { ViewerFacts } from "./options.ts";

/** Characters of a viewer's self-description that are kept; it is shown to a person. */
const MAX_NAME = 64;

/** Who asks, as it may be shown: short, on one line, with nothing in it that turns text around. */
export function viewerFacts(request: LoginRequest, address: string): ViewerFacts {
  return {
    id: presentable(request.myId),
    name: presentable(request.myName),
    platform: presentable(request.myPlatform),
    address,
  };
}

function presentable(text: string): string {
  return text
    .slice(0, 4 * MAX_NAME)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .slice(0, MAX_NAME)
    .toWellFormed();
}
