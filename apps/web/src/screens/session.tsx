import "@pulpit/viewer-web/element";
import { Button } from "@mantine/core";
import { Notice } from "@pulpit/page-kit";
import type { RemotePeer, ViewerState } from "@pulpit/viewer";
import { type Fit, type RemoteDesktopElement, whyUnsupported } from "@pulpit/viewer-web";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeCard } from "../parts/code-card.tsx";
import { ConnectionBadge } from "../parts/connection-badge.tsx";
import { EndCard } from "../parts/end-card.tsx";
import { KeyboardNote } from "../parts/keyboard-note.tsx";
import { PasswordCard } from "../parts/password-card.tsx";
import { ProgressCard } from "../parts/progress-card.tsx";
import { Toolbar } from "../parts/toolbar.tsx";
import { WaitingCard } from "../parts/waiting-card.tsx";
import { groupHostId } from "../state/host-id.ts";
import type { Place } from "../state/place.ts";
import { useFullScreen } from "../state/use-full-screen.ts";
import { useSession, useViewerState } from "../state/use-session.ts";

interface SessionProps {
  readonly place: Place;
  /** The session runs. */
  readonly onIn?: (peer: RemotePeer) => void;
  /** The person has had enough of it. */
  readonly onLeave: () => void;
}

export function Session(props: SessionProps): ReactElement {
  const { t } = useTranslation();
  const problem = whyUnsupported();
  if (problem === undefined) return <LiveSession {...props} />;
  const back = <Button onClick={props.onLeave}>{t("end.back")}</Button>;
  return <Notice title={t(`unsupported.${problem}.title`)} text={t(`unsupported.${problem}.text`)} actions={back} />;
}

function LiveSession({ place, onIn, onLeave }: SessionProps): ReactElement {
  const { t } = useTranslation();
  const { hostId, ownName } = place;
  const screen = useRef<HTMLDivElement>(null);
  const desktop = useRef<RemoteDesktopElement>(null);
  const [fit, setFit] = useState<Fit>("contain");
  const [attempt, setAttempt] = useState(0);
  const [trustFingerprint, setTrust] = useState<string>();
  const [fullScreen, toggleFullScreen] = useFullScreen(screen);
  const session = useSession(desktop, { place, attempt, trustFingerprint });
  const state = useViewerState(session);
  const connected = state?.phase.name === "connected";
  const { peer } = state ?? {};

  useEffect(() => {
    if (!connected || peer === undefined) return;
    onIn?.(peer);
    document.title = `${ownName || peer.hostname} – Pulpit`;
    desktop.current?.focus();
    return () => {
      document.title = "Pulpit";
    };
  }, [connected, onIn, ownName, peer]);

  const leave = (): void => {
    session?.close();
    onLeave();
  };
  const again = (): void => setAttempt((count) => count + 1);

  return (
    <div className="session" ref={screen}>
      <remote-desktop
        ref={desktop}
        fit={fit}
        aria-label={t("session.label", { name: peer?.hostname ?? groupHostId(hostId) })}
      />
      {connected && session !== undefined && state !== undefined ? (
        <>
          <KeyboardNote mayUse={state.permissions.has("keyboard")} />
          <Toolbar
            badge={
              state.connection === undefined ? null : (
                <ConnectionBadge facts={state.connection} peer={peer} display={peer?.displays[state.display]} />
              )
            }
            fit={fit}
            onFit={setFit}
            fullScreen={fullScreen}
            onFullScreen={toggleFullScreen}
            viewOnly={state.viewOnly}
            onViewOnly={(on) => session.setViewOnly(on)}
            codecs={peer?.codecs ?? []}
            codec={state.preferredCodec}
            onCodec={(codec) => session.setPreferredCodec(codec as ViewerState["preferredCodec"])}
            displays={peer?.displays ?? []}
            display={state.display}
            onDisplay={(index) => session.showDisplay(index)}
            mayControl={!state.viewOnly && state.permissions.has("keyboard")}
            onCtrlAltDel={() => session.sendCtrlAltDel()}
            onKeyboard={() => desktop.current?.focus()}
            onDisconnect={leave}
          />
        </>
      ) : (
        <div className="veil">
          <Veil
            state={state}
            hostId={hostId}
            onLogin={(password) => session?.login(password)}
            onCode={(code, trust) => session?.enterCode(code, trust)}
            onAgain={again}
            onTrust={(fingerprint) => {
              setTrust(fingerprint);
              again();
            }}
            onBack={leave}
          />
        </div>
      )}
    </div>
  );
}

/** What stands in front of the desktop until it can be seen, and after it is over. */
function Veil({
  state,
  hostId,
  onLogin,
  onCode,
  onAgain,
  onTrust,
  onBack,
}: {
  readonly state: ViewerState | undefined;
  readonly hostId: string;
  readonly onLogin: (password: string) => void;
  readonly onCode: (code: string, trust: boolean) => void;
  readonly onAgain: () => void;
  readonly onTrust: (fingerprint: string) => void;
  readonly onBack: () => void;
}): ReactElement | null {
  const phase = state?.phase ?? { name: "connecting", step: "finding", trying: [] };
  const encrypted = state?.connection?.encrypted !== false;
  switch (phase.name) {
    case "connecting":
      return <ProgressCard step={phase.step} trying={phase.trying} hostId={hostId} onCancel={onBack} />;
    case "password":
      return (
        <PasswordCard
          key={phase.why}
          hostId={hostId}
          why={phase.why}
          encrypted={encrypted}
          onLogin={onLogin}
          onCancel={onBack}
        />
      );
    case "waiting-for-acceptance":
      return <WaitingCard hostId={hostId} encrypted={encrypted} onLogin={onLogin} onCancel={onBack} />;
    case "second-factor":
      return (
        <CodeCard
          key={phase.why}
          hostId={hostId}
          why={phase.why}
          mayTrust={phase.mayTrust}
          onCode={onCode}
          onCancel={onBack}
        />
      );
    case "ended":
      return <EndCard end={phase.end} onAgain={onAgain} onTrust={onTrust} onBack={onBack} />;
    case "connected":
      return null;
  }
}
