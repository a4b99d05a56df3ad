import { type RemotePeer, view } from "@pulpit/viewer";
import { type ReactElement, useCallback, useMemo } from "react";
import { useLocation } from "wouter";
import { ownName } from "../state/known-computers.ts";
import type { Place } from "../state/place.ts";
import { rememberPeer } from "../state/recent-peers.ts";
import { type ServerConfig, targetOf } from "../state/server-config.ts";
import { browserPlatform, readRelayOnly, viewerIdentity } from "../state/settings.ts";
import { Session } from "./session.tsx";

/** A session with a host of this page's server. `relay`: through the relay on purpose, this once. */
export function ServerSession({
  config,
  hostId,
  relay,
}: {
  readonly config: ServerConfig;
  readonly hostId: string;
  readonly relay: boolean;
}): ReactElement {
  const [, navigate] = useLocation();
  const place = useMemo<Place>(
    () => ({
      hostId,
      ownName: ownName(config.serverKey, hostId),
      start(desktop, trustFingerprint) {
        const identity = viewerIdentity(localStorage, browserPlatform(navigator.userAgent));
        const target = targetOf(config, hostId, relay || readRelayOnly(localStorage));
        const options = trustFingerprint === undefined ? {} : { trustFingerprint };
        return view(target, identity, desktop.world(config), options);
      },
    }),
    [config, hostId, relay],
  );
  const remember = useCallback(
    ({ hostname, username, platform }: RemotePeer) =>
      void rememberPeer(localStorage, { id: hostId, hostname, username, platform, at: Date.now() }),
    [hostId],
  );
  return <Session place={place} onIn={remember} onLeave={() => navigate("/")} />;
}
