import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { loadHostIdentity, ProfileFolder } from "@pulpit/profile-node";
import { fingerprint } from "@pulpit/protocol";
import { grouped } from "../screen-text.ts";
import { noMore, parse } from "../usage.ts";
import type { Command } from "./command.ts";

export const id: Command = {
  name: "id",
  summary: "This machine's ID and key fingerprint",
  help: `Usage: pulpit id

Prints the ID of this machine and the fingerprint of its key, to be compared with what a viewer shows.`,

  async run(args, env) {
    noMore(parse(args, {}).positionals);
    const identity = loadHostIdentity(new ProfileFolder(env.home), nodeCrypto(), nodeRandom());
    process.stdout.write(
      `ID           ${grouped(identity.id)}\nFingerprint  ${fingerprint(identity.keys.publicKey)}\n`,
    );
    return 0;
  },
};
