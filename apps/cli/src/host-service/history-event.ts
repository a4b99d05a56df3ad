import type { HostEvent } from "@pulpit/host";
import type { HistoryEvent } from "@pulpit/host-control";

/** What of a host's events is written down; undefined for the rest. */
export function historyEventOf(event: HostEvent): HistoryEvent | undefined {
  switch (event.type) {
    case "viewerAsks":
      return { type: "asked", viewer: event.viewer, scope: event.scope };
    case "viewerAnswered": {
      const answers = { accept: "accepted", deny: "denied", silence: "timed-out", withdrawn: "withdrawn" } as const;
      return { type: "answered", viewer: event.viewer, answer: answers[event.answer] };
    }
    case "viewerJoined": {
      const { session, viewer, scope, by: way, secondFactor, encrypted } = event;
      const route = event.path.route === "direct" ? "direct" : "relay";
      return { type: "joined", session, viewer, scope, way, secondFactor, route, encrypted };
    }
    case "permissionUsed":
      return { type: "used", session: event.session, permission: event.permission };
    case "viewerLeft":
      return { type: "left", session: event.session, viewer: event.viewer, why: event.why };
    case "viewerRefused":
      return { type: "refused", address: event.address, why: event.why, times: 1 };
    case "deviceTrusted": {
      const { id, name, platform } = event.device;
      return { type: "trusted", viewer: { id, name, platform }, change: "added" };
    }
    default:
      return undefined;
  }
}
