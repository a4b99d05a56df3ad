import { type DeviceAnswer, MAX_PAGE, type WishAnswer } from "@pulpit/admin";
import { fingerprint } from "@pulpit/protocol";
import { UsageError } from "../usage.ts";
import type { Said, ServerCommand, ServerTalk } from "./server-command.ts";
import { sheet, table } from "./table.ts";

export const devices: ServerCommand = {
  name: "devices",
  usage: [
    ["devices", "All devices that are known"],
    ["devices show ID", "One of them"],
    ["devices remove ID", "Forget one: its ID is free for whoever comes first"],
    ["devices wishes", "Devices that wait for your word: new ones, and known ones with another key"],
    ["devices approve ID", "Let it in"],
    ["devices deny ID", "Forget the wish; the device may ask again"],
    ["devices check", "Read the whole database and say what is wrong with it"],
  ],
  async run(talk) {
    const [action = "list", id, ...more] = talk.args;
    const alone = action === "list" || action === "wishes" || action === "check";
    if (more.length > 0 || (alone && id !== undefined))
      throw new UsageError(`Unexpected argument '${alone ? id : more[0]}'`);
    if (action === "list") return list(talk);
    if (action === "wishes") return wishes(talk);
    if (action === "check") return check(talk);
    if (!["show", "remove", "approve", "deny"].includes(action))
      throw new UsageError(`There is no 'devices ${action}'; 'pulpit server --help' lists what there is`);
    if (id === undefined) throw new UsageError(`Which device? devices ${action} wants an ID`);
    // People write IDs in groups.
    return one(talk, action, id.replaceAll(" ", ""));
  },
};

async function list({ ask }: ServerTalk): Promise<Said> {
  const all: DeviceAnswer[] = [];
  for (;;) {
    const page = await ask("devices.list", { after: all.at(-1)?.id ?? "", limit: MAX_PAGE });
    all.push(...page);
    if (page.length < MAX_PAGE) break;
  }
  const rows = all.map(({ id, online, address, publicKey }) => [
    id,
    online ? "online" : "",
    address,
    fingerprintOf(publicKey),
  ]);
  return { value: all, text: all.length === 0 ? "No device is known" : table(["ID", "", "ADDRESS", "KEY"], rows) };
}

async function wishes({ ask }: ServerTalk): Promise<Said> {
  const value = await ask("devices.wishes", { limit: MAX_PAGE });
  const rows = value.map(({ id, kind, address, askedAt, publicKey }) => [
    id,
    kind === "key" ? "another key" : "new",
    address,
    askedAt,
    fingerprintOf(publicKey),
  ]);
  const text = value.length === 0 ? "Nobody waits" : table(["ID", "WANTS", "ADDRESS", "ASKED", "KEY"], rows);
  return { value, text };
}

async function check({ ask }: ServerTalk): Promise<Said> {
  const value = await ask("devices.check", {});
  return value.length === 0
    ? { value, text: "The database is whole" }
    : { value, text: `The database is damaged:\n${value.join("\n")}`, exitCode: 1 };
}

async function one({ ask }: ServerTalk, action: string, id: string): Promise<Said> {
  if (action === "approve") {
    const value = await ask("devices.approve", { id });
    return { value, text: `${id} is let in; it asks again within half a minute\n${wishSheet(value)}` };
  }
  if (action === "deny") {
    const value = await ask("devices.deny", { id });
    return { value, text: `The wish of ${id} is forgotten` };
  }
  const value = await ask(action === "show" ? "devices.show" : "devices.remove", { id });
  return { value, text: action === "show" ? deviceSheet(value) : `${id} is forgotten: its ID is free` };
}

function deviceSheet({ id, online, address, uuid, publicKey }: DeviceAnswer): string {
  return sheet([
    ["ID", id],
    ["Online", online ? "yes" : "no"],
    ["Address", address === "" ? "not seen here yet" : address],
    ["Key", publicKey],
    ["Fingerprint", fingerprintOf(publicKey)],
    ["uuid", uuid],
  ]);
}

function wishSheet({ kind, address, publicKey }: WishAnswer): string {
  return sheet([
    ["Wanted", kind === "key" ? "another key for a known ID" : "to be let in"],
    ["Address", address],
    ["Fingerprint", fingerprintOf(publicKey)],
  ]);
}

function fingerprintOf(publicKey: string): string {
  return fingerprint(new Uint8Array(Buffer.from(publicKey, "base64")));
}
