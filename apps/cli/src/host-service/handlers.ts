import { changeId, type IdChange } from "@pulpit/host";
import { type CommandHandlers, HostRefusal, type SettingName, strengthOf } from "@pulpit/host-control";
import { changeHostId } from "@pulpit/profile-node";
import { Farewell, PERMISSIONS, type Permission } from "@pulpit/protocol";
import { Enrolment } from "./enrolment.ts";
import { hostOptions, hostWorld } from "./host-parts.ts";
import type { House } from "./house.ts";
import type { SharingControl } from "./sharing.ts";
import { type DesktopName, deviceKey, hostView } from "./view.ts";

/** Longest permanent password, characters, as in stock. */
const MAX_PASSWORD = 128;
/** Viewers have this long to take the farewell, ms. */
const FAREWELL_WITHIN = 1_000;
/** A host that changes its server or sharing has to start anew. */
const RESTART_FOR: ReadonlySet<SettingName> = new Set([
  ...(["server", "server-key", "relay", "direct", "proxy", "sharing"] as const),
  ...(["direct-access", "direct-port", "direct-networks", "direct-unencrypted"] as const),
]);
/** … and with these the one-time password has another form. */
const RENEW_FOR: ReadonlySet<SettingName> = new Set(["one-time-length", "one-time-digits"]);

/** What a running host does for its owner, whichever door the command came through. Throws HostRefusal. */
export function hostHandlers(
  house: House,
  sharing: SharingControl,
  desktop: DesktopName,
  enrolment: Enrolment = new Enrolment(hostWorld(house).random, Date.now),
): CommandHandlers {
  const { reception, settings, journal } = house;
  const { credentials } = reception;
  const { crypto } = hostWorld(house);
  const done = {};

  async function set(name: string, value: string): Promise<void> {
    const known = settings.set(name, value);
    journal.append({ type: "setting", name: known, value: settings.text(known).slice(0, 256) });
    if (RENEW_FOR.has(known)) reception.oneTime.renew();
    reception.policyChanged();
    if (RESTART_FOR.has(known)) await sharing.apply();
  }

  async function anotherId(id: string): Promise<void> {
    const options = hostOptions(house);
    if (options === undefined) throw new HostRefusal("no-server");
    const change = await changeId(id, options, hostWorld(house), AbortSignal.timeout(30_000));
    if (change !== "changed") throw refusalOf(change);
    const from = house.identity.id;
    house.identity = kept(() => changeHostId(house.profile, crypto, id));
    journal.append({ type: "id", from, to: id });
    await sharing.apply();
  }

  function passwordChanged(change: "set" | "cleared"): void {
    // Nobody comes back with what no longer holds; who is in stays in.
    reception.recent.forgetAll();
    journal.append({ type: "password", change });
    house.changed();
  }

  function secondFactorChanged(change: "on" | "off" | "new-recovery-codes"): void {
    // Who passed the old one has not passed the new one.
    if (change !== "new-recovery-codes") reception.recent.forgetAll();
    journal.append({ type: "second-factor", change });
    house.changed();
  }

  return {
    view: () => hostView(house, sharing, desktop),
    "service.start": async () => {
      await set("sharing", "yes");
      return done;
    },
    "service.stop": async () => {
      for (const session of reception.sessions) session.end(Farewell.closedByPerson);
      await gone(house);
      await set("sharing", "no");
      return done;
    },
    "one-time.renew": () => {
      reception.oneTime.renew();
      return done;
    },
    "password.set": ({ password }) => {
      const strength = strengthOf(password.slice(0, MAX_PASSWORD + 1));
      const bad = strength === "too-short" || strength === "weak" || password.length > MAX_PASSWORD;
      if (bad || /\p{Cc}/u.test(password)) throw new HostRefusal("weak-password");
      kept(() => credentials.setPermanent(password));
      passwordChanged("set");
      return done;
    },
    "password.clear": () => {
      kept(() => credentials.clearPermanent());
      passwordChanged("cleared");
      return done;
    },
    "id.change": async ({ id }) => {
      await anotherId(id);
      return done;
    },
    "request.answer": ({ request, accept }) => {
      if (!reception.consent.answer(request, accept)) throw new HostRefusal("gone");
      return done;
    },
    "session.permit": ({ session, permission, granted }) => {
      const found = reception.session(session);
      if (found === undefined) throw new HostRefusal("gone");
      if (!isPermission(permission) || !desktop.abilities.has(permission)) throw new HostRefusal("not-available");
      found.permit(permission, granted);
      journal.append({ type: "permitted", session, permission, granted });
      return done;
    },
    "session.end": async ({ session, block }) => {
      const found = reception.session(session);
      if (found === undefined) throw new HostRefusal("gone");
      found.end(Farewell.closedByPerson);
      if (!block) return done;
      const { id, address } = found.facts.viewer;
      if (address !== "") await set("blocked-addresses", withOne(settings.config["blocked-addresses"], address));
      if (/^[\w.@:-]{1,64}$/.test(id)) await set("blocked-ids", withOne(settings.config["blocked-ids"], id));
      return done;
    },
    "settings.set": async ({ name, value }) => {
      await set(name, value);
      return done;
    },
    "second-factor.begin": () => {
      if (credentials.secondFactor.on) throw new HostRefusal("already-on");
      return enrolment.begin(house.identity.id);
    },
    "second-factor.confirm": ({ code }) => {
      const recoveryCodes = enrolment.confirm((secret) => kept(() => credentials.enrol(secret, code, Date.now())));
      secondFactorChanged("on");
      return { recoveryCodes };
    },
    "second-factor.off": () => {
      kept(() => credentials.dropSecondFactor());
      secondFactorChanged("off");
      return done;
    },
    "second-factor.recovery": () => {
      const recoveryCodes = kept(() => credentials.renewRecoveryCodes());
      if (recoveryCodes === undefined) throw new HostRefusal("not-begun");
      secondFactorChanged("new-recovery-codes");
      return { recoveryCodes };
    },
    "trusted.forget": ({ device }) => {
      const found = credentials.trusted.find((known) => deviceKey(known) === device);
      if (found === undefined) throw new HostRefusal("gone");
      kept(() => credentials.distrust(found));
      const { id, name, platform } = found;
      journal.append({ type: "trusted", viewer: { id, name, platform }, change: "forgotten" });
      house.changed();
      return done;
    },
    history: ({ before, limit }) => journal.page(before, limit),
    "history.verify": () => journal.verify(),
  };
}

/** Until everybody has heard the farewell, or has had the time to. */
async function gone(house: House): Promise<void> {
  const empty = Promise.withResolvers<void>();
  const look = (): void => {
    if (house.reception.sessions.length === 0) empty.resolve();
  };
  const stop = house.onChanged(look);
  const late = setTimeout(empty.resolve, FAREWELL_WITHIN);
  look();
  await empty.promise;
  clearTimeout(late);
  stop();
}

/** What the profile could not keep did not happen. */
function kept<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new HostRefusal("storage", undefined, { cause: error });
  }
}

function withOne(list: readonly string[], item: string): string {
  return [...list.filter((known) => known !== item), item].join(",");
}

function isPermission(text: string): text is Permission {
  return (PERMISSIONS as readonly string[]).includes(text);
}

function refusalOf(change: Exclude<IdChange, "changed">): HostRefusal {
  return change === "refused" ? new HostRefusal("no-server", "refused") : new HostRefusal(change);
}
