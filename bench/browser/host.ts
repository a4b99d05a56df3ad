// In place of `pulpit` on a machine of the lab: a desktop on which lines scroll, and a real host that shares it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startVirtualDesktop } from "@pulpit/desktop-linux";
import { start, stop } from "../e2e/processes.ts";
import { startScene } from "../e2e/scenes.ts";
import { DESKTOP } from "../e2e/settings.ts";

const PULPIT = fileURLToPath(new URL("../../apps/cli/bin/pulpit.js", import.meta.url));

const desktop = await startVirtualDesktop({ ...DESKTOP, bare: true });
const { display } = desktop;
const manager = start("openbox", [], { DISPLAY: display });
const endScene = await startScene("scrolling", display);
// It was told to make a desktop of its own, and takes ours.
const args = process.argv.slice(2);
args.splice(args.indexOf("--virtual"), 3);
const env = { ...process.env, DISPLAY: display };
const host = spawn(process.execPath, [PULPIT, ...args], { env, stdio: ["ignore", "inherit", "inherit"] });
process.once("SIGTERM", () => host.kill("SIGTERM"));
await once(host, "exit");
await endScene();
await stop(manager);
await desktop[Symbol.asyncDispose]();
