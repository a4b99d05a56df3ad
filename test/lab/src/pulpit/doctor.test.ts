import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { skipWithoutLab } from "../availability.ts";
import { type Lab, type Machine, openLab } from "../lab.ts";
import { Programs } from "./programs.ts";

const PULPIT = fileURLToPath(new URL("../../../../apps/cli/bin/pulpit.js", import.meta.url));
/** Each line's, ms: a round trip from a side to the server is two of them. */
const DELAY = 5;
/** Ports from which one side's first host sends, of which its neighbour has taken the outer ones before. */
const CROWDED = [40_000, 40_031] as const;

/** What `pulpit doctor --json` says of a network, as far as it counts here. */
interface Network {
  readonly serverIsNear: boolean;
  readonly udp: unknown;
  readonly udpMapping: string;
  readonly udpFiltering: string;
  readonly nat?: { readonly mapping: string; readonly filtering: string };
}

const LENIENT = "endpoint-independent-or-address-dependent";
const STRICT = "address-and-port-dependent";

describe("the doctor behind real NATs", { skip: skipWithoutLab() }, () => {
  const stack = new AsyncDisposableStack();
  const profile = mkdtempSync(join(tmpdir(), "pulpit-doctor-"));
  stack.defer(() => rmSync(profile, { recursive: true }));
  type Name = "public" | "cone" | "address" | "rejecting" | "crowded" | "symmetric" | "blocked";
  let lab: Lab<Name>;
  let server: { readonly address: string; readonly key: string };

  before(async () => {
    lab = stack.use(
      await openLab({
        delay: DELAY,
        sides: {
          public: { nat: "none" },
          cone: { nat: "full-cone" },
          address: { nat: "address-restricted" },
          rejecting: { nat: "port-restricted", unsolicited: "reject" },
          crowded: { nat: "port-restricted", hosts: 2 },
          symmetric: { nat: "symmetric" },
          blocked: { nat: "udp-blocked" },
        },
      }),
    );
    const programs = stack.use(new Programs());
    const { address } = lab.server;
    server = { address, ...(await programs.server(lab.server, address)) };
  });
  after(() => stack.disposeAsync());

  const network = async (machine: Machine): Promise<Network> => {
    const options = ["--server", server.address, "--key", server.key, "--json"];
    const child = machine.spawn(process.execPath, [PULPIT, "doctor", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, PULPIT_HOME: profile },
    });
    return (JSON.parse(await text(child.stdout as Readable)) as { network: Network }).network;
  };

  test("mapping and filtering are named as each NAT has them, and none where there is none", async () => {
    await crowd(lab.side("crowded").hosts, lab.server);
    const expected: Readonly<Record<Name, readonly unknown[]>> = {
      public: ["kept", "open-to-other-ports", undefined, undefined],
      cone: ["kept", "open-to-other-ports", LENIENT, LENIENT],
      address: ["kept", "open-to-other-ports", LENIENT, LENIENT],
      rejecting: ["kept", "strict", LENIENT, STRICT],
      crowded: ["same", "strict", LENIENT, STRICT],
      symmetric: ["changing", "strict", STRICT, STRICT],
      blocked: ["unknown", "unknown", undefined, undefined],
    };
    const names = Object.keys(expected) as Name[];
    // All at once: most of the time each of them waits.
    const found = await Promise.all(
      names.map(async (name) => {
        const { udpMapping, udpFiltering, nat, serverIsNear } = await network(lab.side(name));
        assert.equal(serverIsNear, false);
        return [name, [udpMapping, udpFiltering, nat?.mapping, nat?.filtering]];
      }),
    );
    assert.deepEqual(Object.fromEntries(found), expected);
  });
});

/** Lets the second host have the outer ports that the first one's sockets would keep. */
async function crowd([first, second]: readonly Machine[], server: Machine): Promise<void> {
  const [from, to] = CROWDED;
  const program = `
    const { createSocket } = require("node:dgram");
    for (let port = ${from}; port <= ${to}; port++) {
      const socket = createSocket("udp4").bind(port, () => socket.send("taken", 9, "${server.address}", () => socket.close()));
    }`;
  await ended(second?.spawn(process.execPath, ["-e", program], { stdio: ["ignore", "ignore", "inherit"] }));
  const range = `echo ${from} ${to} > /proc/sys/net/ipv4/ip_local_port_range`;
  await ended(first?.spawn("sh", ["-c", range], { stdio: ["ignore", "ignore", "inherit"] }));
}

async function ended(child: ReturnType<Machine["spawn"]> | undefined): Promise<void> {
  if (child === undefined) throw new Error("there is no such machine");
  const code = await new Promise((resolve) => child.once("exit", resolve));
  assert.equal(code, 0);
}
