import { Box, Button } from "@mantine/core";
import { Notice } from "@pulpit/page-kit";
import { view } from "@pulpit/viewer";
import { bridgeReach, noKnownHosts } from "@pulpit/viewer-web/bridge";
import { type ComponentProps, type ReactElement, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Bridge } from "../state/bridge.ts";
import type { Place } from "../state/place.ts";
import { useBridge } from "../state/use-bridge.ts";
import { Session } from "./session.tsx";

/** The one session of a page that a program of this computer serves. */
export function BridgeSession({ bridge }: { readonly bridge: Bridge }): ReactElement | null {
  const { t } = useTranslation();
  const state = useBridge(bridge);
  const [left, setLeft] = useState(false);
  const [agreed, setAgreed] = useState(false);
  const greeting = state.name === "in" ? state.greeting : undefined;
  const place = useMemo<Place | undefined>(
    () =>
      greeting && {
        hostId: greeting.name,
        ownName: "",
        start(desktop, trustFingerprint) {
          // The program remembers keys, and knows the servers: the page has neither.
          const target = { hostId: greeting.name, serverKey: "", idServer: "", relayAddress: () => "" };
          const wish = { relayOnly: false, ...(trustFingerprint === undefined ? {} : { accepted: trustFingerprint }) };
          const { deviceSecrets: _, ...world } = desktop.world();
          const reach = bridgeReach(greeting.key, wish);
          return view(target, greeting.identity, { ...world, ways: {}, knownHosts: noKnownHosts, reach });
        },
      },
    [greeting],
  );
  if (state.name === "shut") {
    return <FullPage title={t(`bridge.${state.why}.title`)} text={t(`bridge.${state.why}.text`)} />;
  }
  if (place === undefined) return null;
  if (greeting?.ask === true && !agreed) {
    const go = <Button onClick={() => setAgreed(true)}>{t("home.connect")}</Button>;
    return <FullPage title={t("bridge.ask.title", { name: greeting.name })} text={t("bridge.ask.text")} actions={go} />;
  }
  if (left) {
    const again = <Button onClick={() => setLeft(false)}>{t("bridge.again")}</Button>;
    return <FullPage title={t("bridge.left.title")} text={t("bridge.left.text")} actions={again} />;
  }
  return <Session place={place} onLeave={() => setLeft(true)} />;
}

function FullPage(notice: ComponentProps<typeof Notice>): ReactElement {
  return (
    <Box className="page" display="grid">
      <Notice {...notice} />
    </Box>
  );
}
