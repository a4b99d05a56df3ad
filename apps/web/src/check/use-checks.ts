import { useCallback, useEffect, useState } from "react";
import type { ServerConfig } from "../state/server-config.ts";
import { askClock, askDoor, askPage } from "./ask-server.ts";
import { gather } from "./gather.ts";
import type { Verdicts } from "./outcomes.ts";
import { type Asking, startChecks } from "./start-checks.ts";

const BROWSER: Asking = { page: askPage, door: askDoor, clock: askClock, gather };

/** The checks of this page's server, from the moment the page is open. The second value runs them again. */
export function useChecks(config: ServerConfig): readonly [Verdicts, () => void] {
  const [run, setRun] = useState<{ readonly number: number; readonly verdicts: Verdicts }>({ number: 0, verdicts: {} });
  const { number } = run;
  useEffect(() => {
    const abort = new AbortController();
    startChecks(config, BROWSER, abort.signal, (name, verdict) =>
      setRun((now) => (now.number === number ? { number, verdicts: { ...now.verdicts, [name]: verdict } } : now)),
    );
    return () => abort.abort();
  }, [config, number]);
  const again = useCallback(() => setRun((now) => ({ number: now.number + 1, verdicts: {} })), []);
  return [run.verdicts, again];
}
