import { AdminError, type DeviceAnswer, type Handlers, type RelayList, type WishAnswer } from "@pulpit/admin";
import { processFigures } from "@pulpit/gateway";
import { type DeviceRecord, fingerprint } from "@pulpit/protocol";
import { StoreError, type Wish } from "@pulpit/store";
import type { EffectiveConfig } from "../server-config/read-config.ts";
import type { Servers } from "../servers.ts";
import { FailedError } from "../usage.ts";
import { settingsShown } from "./effective.ts";
import { takeDevices } from "./import-stock.ts";
import { statusOf } from "./status.ts";

/** What a running server does for its administrator. */
export function administration(servers: Servers, effective: EffectiveConfig): Handlers {
  const { rendezvous, relay, lists } = servers;
  const { devices, wishes } = rendezvous;
  const device = (record: DeviceRecord): DeviceAnswer => ({
    id: record.id,
    uuid: Buffer.from(record.uuid).toString("hex"),
    publicKey: Buffer.from(record.publicKey).toString("base64"),
    address: record.address,
    online: rendezvous.isOnline(record.id),
  });
  const known = (id: string): DeviceAnswer => {
    const record = devices.get(id);
    if (record === undefined) throw new AdminError("refused", `There is no device with the ID ${id}`);
    return device(record);
  };
  const changed = (
    how: "add" | "remove",
    list: string,
    addresses: readonly string[],
  ): ReturnType<typeof lists.read> => {
    lists.change(listNamed(list), how, addresses, relay);
    return lists.read();
  };
  return explained({
    status: () => statusOf(servers, processFigures()),
    "devices.list": ({ after, limit }) => devices.list(after, limit).map(device),
    "devices.show": ({ id }) => known(id),
    "devices.remove": ({ id }) => {
      const gone = known(id);
      devices.remove(id);
      rendezvous.forget(id);
      return gone;
    },
    "devices.wishes": ({ limit }) => wishes.list(limit).map(wishShown),
    "devices.approve": ({ id }) => {
      const wish = wishes.grant(id);
      if (wish === undefined) throw new AdminError("refused", `Nothing waits under the ID ${id}`);
      // Whoever is there with the old key is no longer who it was.
      rendezvous.forget(id);
      return wishShown(wish);
    },
    "devices.deny": ({ id }) => {
      const wish = wishes.get(id);
      if (wish === undefined) throw new AdminError("refused", `Nothing waits under the ID ${id}`);
      wishes.remove(id);
      return wishShown(wish);
    },
    "devices.check": () => devices.damage(),
    "blocklist.list": () => lists.read(),
    "blocklist.add": ({ list, addresses }) => changed("add", list, addresses),
    "blocklist.remove": ({ list, addresses }) => changed("remove", list, addresses),
    keys: () => ({
      publicKey: servers.serverKey,
      fingerprint: fingerprint(new Uint8Array(Buffer.from(servers.serverKey, "base64"))),
      source: servers.keySource,
    }),
    usage: () => relay.usage(),
    import: ({ database, mode }) => takeDevices(devices, database, mode === "keep" ? "keep" : "only-look"),
    config: () => settingsShown(effective),
  });
}

/** Expected failures are told; anything else is a bug and logged. */
function explained(handlers: Handlers): Handlers {
  const wrapped = Object.entries(handlers).map(([name, handler]) => [
    name,
    (ask: never) => {
      try {
        return handler(ask);
      } catch (error) {
        if (error instanceof StoreError) throw new AdminError("refused", `The database refused: ${error.message}`);
        if (error instanceof FailedError) throw new AdminError("refused", error.message);
        throw error;
      }
    },
  ]);
  return Object.fromEntries(wrapped) as unknown as Handlers;
}

function listNamed(name: string): RelayList {
  if (name === "refused" || name === "throttled") return name;
  throw new AdminError("refused", `There is no list '${name}'; there are 'refused' and 'throttled'`);
}

function wishShown({ kind, record, askedAt }: Wish): WishAnswer {
  const publicKey = Buffer.from(record.publicKey).toString("base64");
  return { kind, id: record.id, publicKey, address: record.address, askedAt };
}
