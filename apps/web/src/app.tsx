import { Center, Loader } from "@mantine/core";
import { Notice } from "@pulpit/page-kit";
import { lazy, type ReactElement, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Route, Switch } from "wouter";
import { Home } from "./screens/home.tsx";
import { destinationOf } from "./state/destination.ts";
import { loadServerConfig, type ServerConfig } from "./state/server-config.ts";

const Computers = lazy(async () => ({ default: (await import("./screens/computers.tsx")).Computers }));
const Session = lazy(async () => ({ default: (await import("./screens/session.tsx")).Session }));

/** What the page knows of its server. */
type Known = ServerConfig | "loading" | "missing";

export function App(): ReactElement {
  const { t } = useTranslation();
  const [config, setConfig] = useState<Known>("loading");
  useEffect(() => {
    const abort = new AbortController();
    void loadServerConfig(abort.signal).then((known) => {
      if (!abort.signal.aborted) setConfig(known ?? "missing");
    });
    return () => abort.abort();
  }, []);

  if (config === "loading") return <Waiting />;
  if (config === "missing") {
    return <Notice title={t("unsupported.no-config.title")} text={t("unsupported.no-config.text")} />;
  }
  return (
    <Suspense fallback={<Waiting />}>
      <Switch>
        <Route path="/connect/:id">{({ id }) => <SessionAt config={config} text={id} />}</Route>
        <Route path="/connect/:id/r">{({ id }) => <SessionAt config={config} text={`${id}/r`} />}</Route>
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

/** The session that a path of this page names; a path that names none leads home. */
function SessionAt({ config, text }: { readonly config: ServerConfig; readonly text: string }): ReactElement {
  const to = destinationOf(text, config);
  if (to.type === "problem" || to.fromLink) return <Home config={config} />;
  return <Session key={text} config={config} hostId={to.hostId} relay={to.relay} />;
}

function Waiting(): ReactElement {
  return (
    <Center h="100dvh">
      <Loader />
    </Center>
  );
}
