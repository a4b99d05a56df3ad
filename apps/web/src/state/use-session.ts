import type { ViewerSession, ViewerState } from "@pulpit/viewer";
import type { RemoteDesktopElement } from "@pulpit/viewer-web";
import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";
import type { Place } from "./place.ts";

export interface SessionAttempt {
  readonly place: Place;
  /** Counts up with each try; a new number starts a new session. */
  readonly attempt: number;
  /** A new key that the person has compared and accepts. */
  readonly trustFingerprint: string | undefined;
}

/** Starts a session on the element and ends it when the screen goes away. */
export function useSession(
  element: RefObject<RemoteDesktopElement | null>,
  { place, attempt, trustFingerprint }: SessionAttempt,
): ViewerSession | undefined {
  const [session, setSession] = useState<ViewerSession>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a new session, that is what it is for.
  useEffect(() => {
    const desktop = element.current;
    if (desktop === null) return;
    const started = place.start(desktop, trustFingerprint);
    desktop.session = started;
    setSession(started);
    return () => {
      started.close();
      desktop.session = undefined;
    };
  }, [element, place, attempt, trustFingerprint]);
  return session;
}

const nothing = (): (() => void) => () => undefined;

export function useViewerState(session: ViewerSession | undefined): ViewerState | undefined {
  return useSyncExternalStore(
    session === undefined ? nothing : (listener) => session.subscribe(listener),
    () => session?.state,
  );
}
