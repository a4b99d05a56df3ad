import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { ask } from "@pulpit/admin";
import type { HostView } from "@pulpit/host-control";
import { connected, ended, lookAt } from "../node-viewer.ts";
import { type Servers, startServers } from "../world.ts";
import { codeOf, wrongCode } from "./authenticator.ts";
import { Intruder } from "./intruder.ts";
import { type OwnHost, ownHost, type Sharing } from "./own-host.ts";
import { type Proxied, startProxied } from "./proxied.ts";

const OWN = "t-K8v!pW3n_z";

let stack: AsyncDisposableStack;
let servers: Servers;
let proxied: Proxied;
let own: OwnHost;
let host: Sharing;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  proxied = stack.use(await startProxied(servers));
  own = stack.use(ownHost());
  host = stack.use(await own.share(servers, "--verbose"));
});
after(() => stack.disposeAsync());

const view = (): Promise<HostView> => ask(own.socket, "view", {}) as Promise<HostView>;
/** What other users of the machine can see of a process. */
const commandLine = (pid: number | undefined): string => readFileSync(`/proc/${pid}/cmdline`, "latin1");

test("the permanent password comes by the standard input alone, and lets a viewer in", async () => {
  const refused = own.begin("password");
  refused.tell("Password1!");
  const { code, err } = await refused.ended;
  assert.equal(code, 1);
  assert.match(err, /too easy to guess/);
  assert.ok(!err.includes("Password1!"));
  const setting = own.begin("password");
  setting.tell(OWN);
  assert.ok(!commandLine(setting.child.pid).includes(OWN));
  assert.deepEqual(await setting.ended, {
    code: 0,
    out: "The permanent password is set. Devices that were trusted have to give a code again\n",
    err: "",
  });
  assert.equal((await own.run("password", OWN)).code, 2);
  const visitor = await Intruder.at(servers, host.id);
  assert.equal(await visitor.login(OWN), "in");
  await visitor.leave();
});

test("a permission that is set to no while a session runs is told to its viewer at once", async () => {
  const viewer = lookAt(servers, host.id, { password: OWN });
  const may = async (yes: boolean): Promise<unknown> =>
    viewer.until(({ permissions }) => permissions.has("keyboard") === yes);
  await viewer.until(connected);
  await may(true);
  assert.equal((await own.run("set", "allow-keyboard", "no")).out, "allow-keyboard is set\n");
  await may(false);
  const [session] = (await view()).sessions;
  assert.ok(session !== undefined && !session.granted.includes("keyboard"));
  assert.equal((await own.run("permit", session.session, "keyboard", "yes")).code, 0);
  await may(true);
  await ask(own.socket, "settings.set", { name: "allow-keyboard", value: "" });
  assert.equal((await own.run("end", session.session)).out, "Ended\n");
  await viewer.until(ended);
});

test("the second factor is switched on with a code from the standard input, and holds from then on", async () => {
  const turning = own.begin("second-factor", "on");
  const [, secret = ""] = await turning.said(/Or type it: ([A-Z2-7]{32})\n/);
  turning.tell(wrongCode(secret, Date.now()));
  assert.match((await turning.ended).err, /The code is not right/);
  assert.equal((await view()).secondFactor.on, false);

  const again = own.begin("second-factor", "on");
  const [, right = ""] = await again.said(/Or type it: ([A-Z2-7]{32})\n/);
  assert.notEqual(right, secret);
  // One step back, so that the present code is still to be used.
  again.tell(codeOf(right, Date.now() - 30_000));
  const { code, out } = await again.ended;
  assert.equal(code, 0);
  const recovery = out.match(/[2-9a-z]{5}-[2-9a-z]{5}/g) ?? [];
  assert.equal(recovery.length, 10);
  const visitor = await Intruder.at(servers, host.id);
  assert.equal(await visitor.login(OWN), "2FA Required");
  await visitor.send({ case: "auth2fa", value: { code: codeOf(right, Date.now()) } });
  assert.equal(await visitor.answer(), "in");
  await visitor.leave();
  for (const heard of ["in", "Wrong 2FA Code"]) {
    const lost = await Intruder.at(servers, host.id);
    assert.equal(await lost.login(OWN), "2FA Required");
    await lost.send({ case: "auth2fa", value: { code: recovery[0] ?? "" } });
    assert.equal(await lost.answer(), heard);
    await lost.leave();
  }
  const known = [OWN, right, ...recovery];
  const { out: status } = await own.run("status", "--json");
  for (const text of [
    status,
    host.text(),
    (await own.run("log", "--all", "--json")).out,
    commandLine(host.child.pid),
  ]) {
    for (const one of known) assert.ok(!text.includes(one), "a secret");
  }
  assert.deepEqual((await view()).secondFactor, { on: true, recoveryCodes: 9 });
  assert.equal((await own.run("second-factor", "off")).code, 0);
});

test("neither status nor log of a host that tells all it does holds the one-time password", async () => {
  const { oneTimePassword = "" } = await view();
  assert.match(oneTimePassword, /^[2-9a-z]{8}$/);
  const visitor = await Intruder.at(proxied.from("203.0.113.77"), host.id);
  assert.equal(await visitor.login(oneTimePassword), "in");
  await visitor.leave();
  const status = await own.run("status", "--json");
  assert.equal(status.code, 0);
  assert.equal(JSON.parse(status.out).service.state, "ready");
  const { out, err } = { out: host.text(), err: "" };
  // To the terminal it is shown; the log beside it has the events.
  const logged = `${out}${err}`.split("\n").filter((line) => line.startsWith("{"));
  assert.ok(logged.some((line) => line.includes("viewer joined")));
  for (const text of [status.out, ...logged]) assert.ok(!text.includes(oneTimePassword));
});

test("a second host on the same profile refuses to start", async () => {
  const { code, err, out } = await own.run("--virtual", "--size", "320x240");
  assert.deepEqual([code, out], [1, ""]);
  assert.equal(err, "pulpit: This computer is being shared already; 'pulpit host panel' opens its page\n");
});
