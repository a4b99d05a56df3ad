import type { HostView } from "@pulpit/host-control";

/** The view of the host and when it came, ms of the page's own clock: what remains of a request counts from there. */
export interface Shown {
  readonly view: HostView;
  readonly at: number;
}

/** How the page stands with its host. */
export type PageState =
  | { readonly type: "opening" }
  | { readonly type: "open"; readonly shown: Shown }
  /** It is tried again by itself. `shown` may be out of date. */
  | { readonly type: "away"; readonly why: "lost" | "host-stopped"; readonly shown: Shown | undefined }
  /** Nothing more happens by itself. Nothing of the view is kept: it holds a password. */
  | { readonly type: "shut"; readonly why: "not-let-in" | "too-many" };

export type PageEvent =
  | { readonly type: "opened-anew" }
  | { readonly type: "viewed"; readonly view: HostView; readonly at: number }
  | { readonly type: "lost" }
  | { readonly type: "host-stopped" }
  | { readonly type: "turned-away"; readonly why: "not-let-in" | "too-many" };

export const OPENING: PageState = { type: "opening" };

export function nextState(state: PageState, event: PageEvent): PageState {
  switch (event.type) {
    case "opened-anew":
      return OPENING;
    case "viewed":
      return { type: "open", shown: { view: event.view, at: event.at } };
    case "turned-away":
      return { type: "shut", why: event.why };
    case "host-stopped":
      return { type: "away", why: "host-stopped", shown: shownIn(state) };
    case "lost":
      // A host that said it ends stays ended in the page's words until it answers again.
      return { type: "away", why: state.type === "away" ? state.why : "lost", shown: shownIn(state) };
  }
}

function shownIn(state: PageState): Shown | undefined {
  return state.type === "open" || state.type === "away" ? state.shown : undefined;
}
