import { localPort, oneOf, path, text, wholeNumber } from "../settings/kinds.ts";
import type { Settings } from "../settings/setting.ts";
import type { OperatingConfig } from "./server-config.ts";

export const OPERATING_SETTINGS: Settings<OperatingConfig> = {
  data: {
    kind: path,
    fallback: undefined,
    otherwise: "`server` in PULPIT_HOME (~/.local/share/pulpit)",
    about: "Folder of key pair, database, lists and administration socket.",
  },
  logLevel: {
    kind: oneOf("debug", "info", "warn"),
    fallback: "info",
    about: "What is logged at least.",
  },
  metrics: {
    kind: localPort,
    fallback: undefined,
    otherwise: "off",
    about: "Local address and port of /metrics, /health and /ready; a port alone is on 127.0.0.1.",
  },
  metricsToken: {
    kind: text,
    fallback: undefined,
    otherwise: "none",
    secret: true,
    about: "What `Authorization: Bearer` has to say for the metrics.",
  },
  drainSeconds: {
    kind: wholeNumber(0, 86_400),
    fallback: 30,
    about: "How long relayed sessions may go on after the server was asked to stop, seconds.",
  },
};
