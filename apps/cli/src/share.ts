import type { HostEvent } from "@pulpit/host";
import type { Log } from "@pulpit/link-node";
import { ProfileFolder } from "@pulpit/profile-node";
import type { SharedDesktop } from "./desktop.ts";
import type { Env } from "./env.ts";
import { type RunHostOptions, runHost } from "./host-service/run-host.ts";
import { openInBrowser } from "./open-in-browser.ts";
import { untilStopped } from "./until-stopped.ts";

/** What a person at the terminal wants to see. */
export interface ShareView {
  /** ID and password as they are now; called again whenever one changes. Undefined: the password is switched off. */
  ready(id: string, password: string | undefined): void;
  /** … and without an ID server: the addresses instead of an ID. */
  readyAt(addresses: readonly string[], password: string | undefined): void;
  happened(event: HostEvent): void;
  /** No ID server is named: nobody can call. */
  notConfigured(): void;
  /** A link to the host's page; asked for with Enter. */
  panel(url: string): void;
}

/** Shares until the person stops the program or the desktop goes away. Rejects with the desktop's error then. */
export async function shareUntilStopped(
  shared: SharedDesktop,
  options: { readonly given: RunHostOptions["given"]; readonly env: Env; readonly openPage: boolean },
  view: ShareView,
  log: Log,
): Promise<void> {
  const { env, given } = options;
  const openPage = shared.virtual ? undefined : (url: string): void => void openInBrowser(url);
  const profile = new ProfileFolder(env.home);
  const common = { shared, profile, given, panelRoot: env.panelRoot, locale: env.locale, openPage, log };
  await using running = await runHost(common);
  const { house, sharing } = running;
  house.onEvent((event) => {
    record(event, log);
    view.happened(event);
  });
  let told = "";
  const tell = (): void => {
    const { state, trouble, direct } = sharing.view;
    if (trouble === "not-configured" && told !== trouble) view.notConfigured();
    const password = house.reception.policy().oneTime ? house.reception.oneTime.value : undefined;
    const addresses =
      state === "address-only" && direct !== undefined && "port" in direct ? direct.addresses : undefined;
    const name = state === "ready" ? house.identity.id : addresses?.join(" ");
    const now = name === undefined ? (trouble ?? told) : `${name} ${password}`;
    if (now !== told && addresses !== undefined) view.readyAt(addresses, password);
    else if (now !== told && state === "ready") view.ready(house.identity.id, password);
    told = now;
  };
  house.onChanged(tell);
  tell();
  if (process.stdin.isTTY) {
    process.stdin.on("data", () => view.panel(running.panelLink()));
    view.panel(running.panelLink());
  }
  if (options.openPage) openPage?.(running.panelLink());
  try {
    await Promise.race([untilStopped(), shared.lost]);
  } finally {
    process.stdin.pause();
  }
}

/** Never a password: it is for the terminal only. */
function record(event: HostEvent, log: Log): void {
  switch (event.type) {
    case "viewerJoined": {
      const { id, name, address } = event.viewer;
      log.info("viewer joined", { id, name, address, by: event.by, secondFactor: event.secondFactor });
      break;
    }
    case "viewerLeft":
      log.info("viewer left", { id: event.viewer.id, why: event.why });
      break;
    case "viewerRefused":
      log.info("viewer refused", { address: event.address, why: event.why });
      break;
    case "viewerAsks":
    case "viewerAnswered":
      log.info(event.type, { id: event.viewer.id, address: event.viewer.address });
      break;
    case "unregistered":
      log.warn("not registered", { why: event.why });
      break;
    case "directOpened":
      log.info("direct access is open", { port: event.port });
      break;
    case "directFailed":
      log.warn("no direct access", { why: event.why });
      break;
    case "registered":
    case "idTaken":
      log.info(event.type, { id: event.id });
      break;
  }
}
