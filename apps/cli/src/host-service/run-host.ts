import { setTimeout } from "node:timers/promises";
import { AdminError, isRunning, startAdmin } from "@pulpit/admin";
import { abilitiesOf } from "@pulpit/host";
import { HostRefusal, type SettingName } from "@pulpit/host-control";
import type { Log } from "@pulpit/link-node";
import { startPanel } from "@pulpit/panel";
import { ProfileError, type ProfileFolder } from "@pulpit/profile-node";
import type { SharedDesktop } from "../desktop.ts";
import { KeptSettings } from "../host-config/kept-settings.ts";
import { FailedError, UsageError } from "../usage.ts";
import { pulpitVersion } from "../version.ts";
import { hostDesk } from "./desk.ts";
import { hostHandlers } from "./handlers.ts";
import { type House, openHouse } from "./house.ts";
import { startNotices } from "./notices.ts";
import { lockProfile } from "./profile-lock.ts";
import { renewDaily } from "./renew-daily.ts";
import { Sharing } from "./sharing.ts";
import { showOnNetwork } from "./show-on-network.ts";
import { hostSocket } from "./socket.ts";
import { hostView } from "./view.ts";

/** A command has the profile for less than this, ms. */
const COMMAND_WITHIN = 15_000;
/** … and is looked for this often, ms. */
const AGAIN_AFTER = 50;

export interface RunHostOptions {
  readonly shared: SharedDesktop;
  readonly profile: ProfileFolder;
  /** Settings of this run alone. */
  readonly given: Partial<Record<SettingName, string>>;
  /** Folder of the host's page. */
  readonly panelRoot: string;
  /** Shows an address to the person at this desktop; undefined where there is nobody. */
  readonly openPage: ((url: string) => void) | undefined;
  /** Whose language notifications speak when no setting says. */
  readonly locale: string;
  readonly log: Log;
}

/** A host that runs, for whoever started it. */
export interface RunningHost extends AsyncDisposable {
  readonly house: House;
  readonly sharing: Sharing;
  /** A link to the host's page that holds once, within a minute. */
  readonly panelLink: () => string;
}

/** Shares the desktop with everything its owner needs. Throws UsageError or FailedError with what is in the way. */
export async function runHost(options: RunHostOptions): Promise<RunningHost> {
  const { shared, profile, log } = options;
  const socket = hostSocket(profile.path);
  const stack = new AsyncDisposableStack();
  try {
    // Before anything of the profile is opened: only one process may keep its journal.
    stack.use(await ownProfile(profile, socket));
    const settings = new KeptSettings(profile, options.given);
    for (const name of settings.ignored) log.warn("a setting is not understood and does nothing", { name });
    const house = stack.use(openHouse(profile, settings, log));
    house.journal.append({ type: "started", version: pulpitVersion() });
    stack.defer(() => house.journal.append({ type: "stopped" }));
    const { desktop } = shared;
    const name = { name: shared.display, virtual: shared.virtual, abilities: abilitiesOf(desktop) };
    const sharing = new Sharing(house, desktop);
    stack.defer(() => sharing.close());
    const handlers = hostHandlers(house, sharing, name);
    const view = (): ReturnType<typeof hostView> => hostView(house, sharing, name);
    const panel = stack.use(
      // A port of its own each time: nobody who had it before can have left anything in the browser for this origin.
      await startPanel(
        { root: options.panelRoot, port: 0, users: "own" },
        { handlers, view, onChanged: (told) => house.onChanged(told), log },
      ),
    );
    const panelLink = (forUser?: number): string => panel.link(forUser);
    stack.use(await startAdmin(socket, hostDesk(handlers, { "panel.link": panelLink }), { log }));
    const openPage =
      options.openPage && ((): void => (panel.pages === 0 ? options.openPage?.(panelLink()) : undefined));
    stack.use(startNotices(house, { notifier: shared.notifier, locale: options.locale, openPage }));
    stack.use(renewDaily(house.reception));
    stack.use(showOnNetwork(house, shared.desktop, log));
    void sharing.apply();
    const running = stack.move();
    return { house, sharing, panelLink, [Symbol.asyncDispose]: () => running.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw inWords(error);
  }
}

/** The profile, for this process alone. A command that is at work on it is waited for. */
async function ownProfile(profile: ProfileFolder, socket: string): Promise<Disposable> {
  for (const late = performance.now() + COMMAND_WITHIN; performance.now() < late; await setTimeout(AGAIN_AFTER)) {
    if (await isRunning(socket)) break;
    const lock = lockProfile(profile);
    if (lock !== undefined) return lock;
  }
  throw new FailedError("This computer is being shared already; 'pulpit host panel' opens its page");
}

function inWords(error: unknown): unknown {
  if (error instanceof HostRefusal) return new UsageError(`A setting wants ${error.detail}`, { cause: error });
  if (error instanceof ProfileError || error instanceof AdminError) {
    return new FailedError(error.message, { cause: error });
  }
  return error;
}
