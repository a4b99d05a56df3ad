import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the environment says; nothing else in Pulpit reads it. */
export interface Env {
  /** The X display of this desktop; undefined without one. */
  readonly display: string | undefined;
  /** Where profile, keys and database are. */
  readonly home: string;
  /** The built web client … */
  readonly webRoot: string;
  /** … and the built page of a host. */
  readonly panelRoot: string;
  /** Such as `pl_PL.UTF-8`; empty when none is set. */
  readonly locale: string;
  /** All of it, for the settings of a server. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A file of more of them, which need not be there. */
  readonly dotenv: string;
}

export function readEnv(): Env {
  const { DISPLAY, LANG, LC_ALL, LC_MESSAGES, PULPIT_HOME, XDG_DATA_HOME } = process.env;
  const apps = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
  const data = XDG_DATA_HOME === undefined || XDG_DATA_HOME === "" ? join(homedir(), ".local", "share") : XDG_DATA_HOME;
  return {
    display: DISPLAY === "" ? undefined : DISPLAY,
    home: PULPIT_HOME === undefined || PULPIT_HOME === "" ? join(data, "pulpit") : PULPIT_HOME,
    webRoot: join(apps, "web", "dist"),
    panelRoot: join(apps, "panel", "dist"),
    locale: LC_ALL || LC_MESSAGES || LANG || "",
    variables: process.env,
    dotenv: join(process.cwd(), ".env"),
  };
}
