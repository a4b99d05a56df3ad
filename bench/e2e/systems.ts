import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import type { Page } from "playwright-core";
import { end, pidsOf, start, stop } from "./processes.ts";
import type { System } from "./settings.ts";

/** A remote desktop that is being watched: how to open it in a page, and whose CPU time counts as the host's. */
export interface Watched {
  readonly pids: readonly number[];
  /** Resolves when the desktop is on the page. */
  open(page: Page): Promise<void>;
  /** The canvas it is drawn on, as an expression for the page. */
  readonly canvas: string;
  stop(): Promise<void>;
}

export function startSystem(system: System, display: string): Promise<Watched> {
  if (system === "pulpit") return pulpit(display);
  const port = 5990 + (system === "x11vnc" ? 0 : 1);
  const server =
    system === "x11vnc"
      ? start("x11vnc", [
          "-display",
          display,
          "-forever",
          "-shared",
          "-nopw",
          "-rfbport",
          String(port),
          "-localhost",
          "-quiet",
          "-noxrecord",
        ])
      : start("x0tigervncserver", [
          "-display",
          display,
          "-rfbport",
          String(port),
          "-SecurityTypes",
          "None",
          "-localhost",
        ]);
  return vnc(server, port);
}

async function pulpit(display: string): Promise<Watched> {
  const home = mkdtempSync(join(tmpdir(), "pulpit-bench-"));
  const env = { ...process.env, PULPIT_HOME: home, DISPLAY: display };
  const child = spawn(process.execPath, ["apps/cli/src/main.ts", "up", "--port", "0", "--web-port", "0"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (/Password\s+\S+/.test(text)) resolve();
    });
    child.once("exit", () => reject(new Error(`pulpit ended:\n${text}`)));
  });
  const found = (name: string): string => (new RegExp(`${name}\\s+(.+)`).exec(text)?.[1] ?? "").trim();
  const codec = process.env.BENCH_CODEC;
  return {
    pids: [child.pid as number],
    canvas: `document.querySelector("remote-desktop")?.shadowRoot?.querySelector("canvas")`,
    async open(page) {
      await page.goto(found("Open"));
      await page.getByLabel("ID of the other computer").fill(found("ID"));
      await page.getByRole("button", { name: "Connect" }).click();
      await page.getByLabel("Password", { exact: true }).fill(found("Password"));
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("toolbar").waitFor();
      if (codec !== undefined) {
        await page.getByRole("button", { name: "Video codec" }).click();
        await page.getByRole("menuitemradio", { name: codec, exact: true }).click();
      }
      await page.getByRole("button", { name: "Hide the tools" }).click();
    },
    async stop() {
      await stop(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const PAGE = `<!doctype html><style>body{margin:0;background:#000}#screen{width:100vw;height:100vh}</style><div id="screen"></div>
<script type="module">import RFB from "/novnc/core/rfb.js";
const rfb = new RFB(document.getElementById("screen"), "ws://" + location.hostname + ":" + new URLSearchParams(location.search).get("port"));
rfb.addEventListener("connect", () => { document.title = "connected"; });</script>`;
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".html": "text/html" };

async function vnc(server: ChildProcess, rfbPort: number): Promise<Watched> {
  const webPort = rfbPort + 100;
  const proxy = start("websockify", [String(webPort), `127.0.0.1:${rfbPort}`]);
  const files = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://x").pathname);
    response.setHeader("Content-Type", TYPES[extname(path)] ?? "text/html");
    response.end(path.startsWith("/novnc/") ? readFileSync(join("node_modules/@novnc", path)) : PAGE);
  });
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  const { port } = files.address() as { port: number };
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return {
    // TigerVNC is a Perl script that starts the server beside itself.
    pids: [
      ...new Set([
        server.pid as number,
        proxy.pid as number,
        ...pidsOf(`-rfbport ${rfbPort}`),
        ...pidsOf(`-rfbport=${rfbPort}`),
      ]),
    ],
    canvas: `document.querySelector("#screen canvas")`,
    async open(page) {
      await page.goto(`http://localhost:${port}/?port=${webPort}`);
      await page.waitForFunction(() => document.title === "connected");
    },
    async stop() {
      await stop(proxy);
      await stop(server);
      for (const pid of pidsOf(`rfbport ${rfbPort}`)) end(pid);
      files.close();
      files.closeAllConnections();
    },
  };
}
