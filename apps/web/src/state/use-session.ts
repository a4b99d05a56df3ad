import { type ViewerSession, type ViewerState, view } from "@pulpit/viewer";
import type { RemoteDesktopElement } from "@pulpit/viewer-web";
import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";
import { type ServerConfig, targetOf } from "./server-config.ts";
import { browserPlatform, readRelayOnly, viewerIdentity } from "./settings.ts";

export interface SessionAttempt {
  readonly config: ServerConfig;
  readonly hostId: string;
  /** Through the relay on purpose, this once; the settings may say so for good. */
  readonly relay: boolean;
  /** Counts up with each try; a new number starts a new session. */
  readonly attempt: number;
  /** A new key that the person has compared and accepts. */
  readonly trustFingerprint: string | undefined;
}

/** Starts a session on the element and ends it when the screen goes away. */
export function useSession(
  element: RefObject<RemoteDesktopElement | null>,
  { config, hostId, relay, attempt, trustFingerprint }: SessionAttempt,
): ViewerSession | undefined {
  const [session, setSession] = useState<ViewerSession>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a new session, that is what it is for.
  useEffect(() => {
    const desktop = element.current;
    if (desktop === null) return;
    const identity = viewerIdentity(localStorage, browserPlatform(navigator.userAgent));
    const options = trustFingerprint === undefined ? {} : { trustFingerprint };
    const target = targetOf(config, hostId, relay || readRelayOnly(localStorage));
    const started = view(target, identity, desktop.world(config), options);
    desktop.session = started;
    setSession(started);
    return () => {
      started.close();
      desktop.session = undefined;
    };
  }, [element, config, hostId, relay, attempt, trustFingerprint]);
  return session;
}

const nothing = (): (() => void) => () => undefined;

export function useViewerState(session: ViewerSession | undefined): ViewerState | undefined {
  return useSyncExternalStore(
    session === undefined ? nothing : (listener) => session.subscribe(listener),
    () => session?.state,
  );
}
