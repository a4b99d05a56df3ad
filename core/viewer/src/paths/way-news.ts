/** What happens to one way while it is tried; for a person who wants to know why it was this one and not that. */
export type WayNews =
  | { readonly type: "tried"; readonly way: string }
  /** Bytes come through; the host has yet to prove who it is. */
  | { readonly type: "up"; readonly way: string }
  | { readonly type: "proved"; readonly way: string }
  /** Also where it was given up because another one was there: then the error is an aborted LinkError. */
  | { readonly type: "failed"; readonly way: string; readonly error: unknown }
  | { readonly type: "left-out"; readonly way: string; readonly why: LeftOut };

/** Why a way was not even tried. */
export type LeftOut =
  | "no-socket" // this machine could not open what it takes
  | "server-silent" // the ID server did not say how it sees our datagrams: they do not get through
  | "not-answered" // the call that would have opened it failed
  | "host-relays" // the host answered that it comes to the relay only
  | "not-offered"; // the host answered without it
