import { Center, Loader } from "@mantine/core";
import { Notice } from "@pulpit/page-kit";
import { lazy, type ReactElement, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Route, Switch } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import { Check } from "./screens/check.tsx";
import { Home } from "./screens/home.tsx";
import { Bridge } from "./state/bridge.ts";
import { isChosen } from "./state/chosen.ts";
import { destinationOf } from "./state/destination.ts";
import { loadServerConfig, type ServerConfig } from "./state/server-config.ts";

const Computers = lazy(async () => ({ default: (await import("./screens/computers.tsx")).Computers }));
const ServerSession = lazy(async () => ({ default: (await import("./screens/server-session.tsx")).ServerSession }));
const BridgeSession = lazy(async () => ({ default: (await import("./screens/bridge-session.tsx")).BridgeSession }));

/** What the page knows of its server. */
type Known = ServerConfig | Bridge | "loading" | "missing";

export function App(): ReactElement {
  const { t } = useTranslation();
  const [config, setConfig] = useState<Known>("loading");
  useEffect(() => {
    const abort = new AbortController();
    void loadServerConfig(abort.signal).then((known) => {
      if (!abort.signal.aborted) setConfig(known === "bridge" ? new Bridge(takeToken()) : (known ?? "missing"));
    });
    return () => abort.abort();
  }, []);

  if (config === "loading") return <Waiting />;
  if (config === "missing") {
    return <Notice title={t("unsupported.no-config.title")} text={t("unsupported.no-config.text")} />;
  }
  if (config instanceof Bridge) {
    return (
      <Suspense fallback={<Waiting />}>
        <BridgeSession bridge={config} />
      </Suspense>
    );
  }
  return (
    <Suspense fallback={<Waiting />}>
      <Switch>
        <Route path="/connect/:id">{({ id }) => <SessionAt config={config} text={id} />}</Route>
        <Route path="/connect/:id/r">{({ id }) => <SessionAt config={config} text={`${id}/r`} />}</Route>
        {/* Not lazy: it is wanted when the server can't be reached. */}
        <Route path="/check">
          <Check config={config} />
        </Route>
        <Route path="/computers">
          <Computers config={config} />
        </Route>
        <Route>
          <Home config={config} />
        </Route>
      </Switch>
    </Suspense>
  );
}

/** The token of the link this page was opened with, taken out of the address so that it is neither seen nor copied. */
function takeToken(): string | undefined {
  const [, token] = /^#token=([\w-]{1,256})$/.exec(location.hash) ?? [];
  if (location.hash !== "") history.replaceState(history.state, "", location.pathname);
  return token;
}

/** The session that a path of this page names. Only the person starts it: a path that they came by fills in the field. */
function SessionAt({ config, text }: { readonly config: ServerConfig; readonly text: string }): ReactElement {
  const to = destinationOf(text, config);
  const chosen = isChosen(useHistoryState());
  if (to.type === "problem" || to.fromLink || !chosen) return <Home key={text} config={config} linked={text} />;
  return <ServerSession key={text} config={config} hostId={to.hostId} relay={to.relay} />;
}

function Waiting(): ReactElement {
  return (
    <Center h="100dvh">
      <Loader />
    </Center>
  );
}
