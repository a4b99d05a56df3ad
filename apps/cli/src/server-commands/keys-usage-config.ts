import { nothingMore, type ServerCommand } from "./server-command.ts";
import { amount, duration, sheet, table } from "./table.ts";

export const keys: ServerCommand = {
  name: "keys",
  usage: [["keys", "The server's public key, its fingerprint, and where the pair stands"]],
  async run({ args, ask }) {
    nothingMore(args);
    const value = await ask("keys", {});
    const text = sheet([
      ["Key", value.publicKey],
      ["Fingerprint", value.fingerprint],
      ["Secret key", value.source],
    ]);
    return { value, text };
  },
};

export const usage: ServerCommand = {
  name: "usage",
  usage: [["usage", "Who is being relayed, and how much"]],
  async run({ args, ask }) {
    nothingMore(args);
    const value = await ask("usage", {});
    const rows = value.map((pair) => [
      pair.first,
      pair.second,
      pair.transports,
      duration(pair.age),
      amount(pair.bytes),
      ...[pair.highest, pair.average, pair.current].map((kbit) => Math.round(kbit).toString()),
      pair.throttled ? "throttled" : "",
    ]);
    const headings = ["FIRST", "SECOND", "BY", "FOR", "MOVED", "HIGHEST", "AVERAGE", "NOW kbit/s", ""];
    return { value, text: rows.length === 0 ? "Nobody is being relayed" : table(headings, rows) };
  },
};

export const config: ServerCommand = {
  name: "config",
  usage: [["config", "Every setting, its value, and where that stands"]],
  async run({ args, ask }) {
    nothingMore(args);
    const value = await ask("config", {});
    const rows = value.map(({ name, value: shown, from }) => [name, shown, from]);
    return { value, text: table(["SETTING", "VALUE", "FROM"], rows) };
  },
};
