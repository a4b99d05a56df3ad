/** What happens to a session. */
export type KcpInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly datagram: Uint8Array }
  /** The application sends; the bytes are cut up later and must not change. */
  | { readonly type: "written"; readonly parts: readonly Uint8Array[] }
  /** The application has called `take`. */
  | { readonly type: "taken" }
  /** The application is done: what was written still arrives. */
  | { readonly type: "closed" }
  /** The application gives up at once. */
  | { readonly type: "aborted" }
  | { readonly type: "timeout" };

/** How a session ended: as wished, broken by the peer, after long silence, or because it never opened. */
export type KcpOutcome = "closed" | "reset" | "silent" | "unanswered";

/** What a session asks for. */
export type KcpEffect =
  | { readonly type: "send"; readonly datagram: Uint8Array }
  | { readonly type: "opened" }
  | { readonly type: "finish"; readonly outcome: KcpOutcome };

/** Who begins: the viewer calls (A), the host is called (B). */
export type KcpRole = "caller" | "called";
