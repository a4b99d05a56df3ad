import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skipWithoutLab } from "../availability.ts";
import { type Lab, type Machine, openLab } from "../lab.ts";
import { type Diagnosis, Programs } from "./programs.ts";

/** Each line's, ms: a round trip from one side to another is four of them. */
const DELAY = 5;

describe("real programs behind real NATs", { skip: skipWithoutLab() }, () => {
  const stack = new AsyncDisposableStack();
  let lab: Lab<"home" | "other-home" | "office" | "locked" | "mobile" | "other-mobile">;
  let programs: Programs;
  let server: { readonly address: string; readonly key: string };
  let athome: string;
  let onmobile: string;
  let locked: string;

  before(async () => {
    lab = stack.use(
      await openLab({
        delay: DELAY,
        sides: {
          home: { nat: "port-restricted", hosts: 2 },
          "other-home": { nat: "port-restricted" },
          office: { nat: "udp-blocked" },
          locked: { nat: "only-tcp-443" },
          mobile: { nat: "symmetric" },
          "other-mobile": { nat: "symmetric" },
        },
      }),
    );
    programs = stack.use(new Programs());
    const { address } = lab.server;
    server = { address, ...(await programs.server(lab.server, address)) };
    [athome, onmobile, locked] = await Promise.all([
      programs.host(lab.side("home"), server),
      programs.host(lab.side("mobile"), server),
      programs.host(lab.side("locked"), { ...server, address: `wss://${address}` }),
    ]);
  });
  after(() => stack.disposeAsync());

  const reached = async (machine: Machine, id: string, without: readonly string[] = []): Promise<Diagnosis> => {
    const diagnosis = await programs.doctor(machine, id, server, without);
    assert.ok(diagnosis.reached, JSON.stringify(diagnosis));
    return diagnosis;
  };

  // Without the relay where another way is to win: a busy machine must not decide a race.
  test("two homes whose routers let in only what was asked for meet directly over UDP", async () => {
    const { way, direct } = await reached(lab.side("other-home"), athome, ["tcp", "webrtc", "relay"]);
    assert.deepEqual([way, direct], ["udp", true]);
  });

  test("where UDP is blocked on one side they meet directly over TCP", async () => {
    const { way, direct } = await reached(lab.side("office"), athome, ["relay"]);
    assert.deepEqual([way, direct], ["tcp", true]);
  });

  test("two machines of one network meet there", async () => {
    const { way, direct } = await reached(lab.side("home").hosts[1] as Machine, athome, ["udp", "webrtc", "relay"]);
    assert.deepEqual([way, direct], ["lan", true]);
  });

  test("a host that gets out to port 443 alone is met on the relay", async () => {
    const { way, direct } = await reached(lab.side("other-home"), locked);
    assert.deepEqual([way, direct], ["relay", false]);
  });

  test("where no hole can be punched they meet on the relay", async () => {
    const { way, direct } = await reached(lab.side("other-mobile"), onmobile);
    assert.deepEqual([way, direct], ["relay", false]);
  });
});
