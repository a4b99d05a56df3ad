import type { LiveSession } from "@pulpit/host";
import type { HostView, SessionView, TrustedDeviceView } from "@pulpit/host-control";
import { nodeClock } from "@pulpit/link-node";
import { fingerprint, type Permission } from "@pulpit/protocol";
import { pulpitVersion } from "../version.ts";
import type { House } from "./house.ts";
import type { SharingControl } from "./sharing.ts";

/** What is shared: `:0`, or a desktop in memory. */
export interface DesktopName {
  readonly name: string;
  readonly virtual: boolean;
  readonly abilities: ReadonlySet<Permission>;
}

const clock = nodeClock();
const version = pulpitVersion();

/** Everything the person at this computer sees of it. */
export function hostView(house: House, sharing: SharingControl, desktop: DesktopName): HostView {
  const { identity, reception, settings } = house;
  const policy = reception.policy();
  return {
    version,
    id: identity.id,
    fingerprint: fingerprint(identity.keys.publicKey),
    service: sharing.view,
    desktop: { name: desktop.name, virtual: desktop.virtual },
    ...(policy.oneTime ? { oneTimePassword: reception.oneTime.value } : {}),
    permanentPassword: reception.credentials.permanentHash !== undefined,
    secondFactor: reception.credentials.secondFactor,
    trustedDevices: trustedDevices(house),
    requests: reception.consent.open.map(({ key, viewer, scope, passwordGiven, encrypted, deniedAt }) => ({
      request: key,
      viewer,
      scope,
      passwordGiven,
      encrypted,
      remaining: Math.max(0, Math.round(deniedAt - clock.now())),
    })),
    sessions: reception.sessions.map(sessionView),
    abilities: [...desktop.abilities],
    settings: settings.all,
  };
}

/** A device is named by the start of the hash that is kept of it. */
export function deviceKey({ hwid }: { readonly hwid: Uint8Array }): string {
  return Buffer.from(hwid.subarray(0, 12)).toString("hex");
}

function trustedDevices({ reception }: House): readonly TrustedDeviceView[] {
  const { trustFor } = reception.policy();
  return reception.credentials.trusted.map((device) => ({
    device: deviceKey(device),
    viewer: { id: device.id, name: device.name, platform: device.platform },
    since: new Date(device.since).toISOString(),
    until: new Date(device.since + trustFor).toISOString(),
  }));
}

function sessionView({ facts, granted, used }: LiveSession): SessionView {
  const { key, viewer, scope, since, by, secondFactor, path, encrypted } = facts;
  return {
    session: key,
    viewer,
    scope,
    since: new Date(since).toISOString(),
    way: by,
    secondFactor,
    route: path.route === "direct" ? "direct" : "relay",
    transport: path.transport,
    remote: path.remote,
    encrypted,
    granted: [...granted],
    used: [...used],
  };
}
