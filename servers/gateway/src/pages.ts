import { existsSync } from "node:fs";
import { relative } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { GatewayConfig } from "./config.ts";
import type { Readiness } from "./readiness.ts";

/** Hashed file names never change their content; everything else is asked for again. */
const FOREVER = "public, max-age=31536000, immutable";
const NEVER = "no-store";

/** The HTTP side: the web client's files, and what it has to know about this server. */
export function pages(
  config: Pick<
    GatewayConfig,
    "webRoot" | "serverKey" | "tls" | "hstsSeconds" | "stunPort" | "natTestPort" | "iceServers"
  >,
  ready: () => Promise<Readiness>,
): Hono {
  const app = new Hono();
  app.use(headersOf(config));
  app.get("/health", (c) => c.json({ status: "ok" }, 200, { "Cache-Control": NEVER }));
  app.get("/ready", async (c) => {
    // Why not is for the owner, on the operations port.
    const { type } = await ready();
    return c.json({ status: type }, type === "ready" ? 200 : 503, { "Cache-Control": NEVER });
  });
  app.get("/config.json", (c) => {
    const name = nameIn(c.req.header("host") ?? "");
    const own = stunAt(name, config.stunPort);
    const iceServers = [own, config.iceServers].filter((list) => list !== "").join(",");
    const natTest = stunAt(name, config.natTestPort);
    const told = { serverKey: config.serverKey, idPath: "/ws/id", relayPath: "/ws/relay", iceServers, natTest };
    return c.json(told, 200, { "Cache-Control": NEVER });
  });
  app.all("/api/*", (c) => c.json({ error: "not found" }, 404));
  app.use(async (c, next) => {
    if (c.req.method === "GET" || c.req.method === "HEAD") return next();
    return c.text("method not allowed", 405, { Allow: "GET, HEAD" });
  });
  // Without Upgrade; with it these paths never come here.
  app.get("/ws/*", (c) => c.text("this is for WebSockets", 426, { Upgrade: "websocket" }));
  if (existsSync(config.webRoot)) {
    const root = relative(process.cwd(), config.webRoot) || ".";
    app.use("/assets/*", async (c, next) => {
      await next();
      if (c.res.status === 200) c.header("Cache-Control", FOREVER);
    });
    app.use("*", serveStatic({ root }));
    // A file of an earlier build is gone: the page in its place would be kept for ever under its name.
    app.all("/assets/*", (c) => c.text("not found", 404));
    // Any other path is a place inside the client.
    app.get("*", serveStatic({ root, path: "index.html" }));
  } else {
    app.get("*", (c) => c.text("The web client is not built. Run: npm run build:web", 503));
  }
  app.notFound((c) => c.text("not found", 404));
  return app;
}

function headersOf({ tls, hstsSeconds }: Pick<GatewayConfig, "tls" | "hstsSeconds">): ReturnType<typeof secureHeaders> {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      // Styles are computed by the component library; scripts are not.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "data:", "blob:"],
      workerSrc: ["'self'", "blob:"],
      connectSrc: ["'self'", "ws:", "wss:"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      formAction: ["'self'"],
    },
    // What a remote desktop uses is for our pages alone; what it does not use is for nobody.
    permissionsPolicy: {
      clipboardRead: ["self"],
      clipboardWrite: ["self"],
      fullscreen: ["self"],
      camera: [],
      displayCapture: [],
      geolocation: [],
      microphone: [],
      midi: [],
      payment: [],
      serial: [],
      usb: [],
    },
    // Behind a proxy it is the proxy's to say. Other services under the same name are left alone: no subdomains.
    strictTransportSecurity: tls !== undefined && hstsSeconds > 0 ? `max-age=${hstsSeconds}` : false,
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
  });
}

/** The name by which the page was called, without the port; undefined for what is none. */
function nameIn(host: string): string | undefined {
  return /^(\[[0-9a-f:]+\]|[\w.-]{1,253})(?::\d{1,5})?$/i.exec(host)?.[1];
}

/**
 * A STUN server of ours, with which a browser finds its own addresses; empty where there is none. It has the name by
 * which the page was called: a proxy in front of the page is not in front of UDP, but under its name the server usually
 * is. Nobody else is contacted by default.
 */
function stunAt(name: string | undefined, port: number | undefined): string {
  return name === undefined || port === undefined ? "" : `stun:${name}:${port}`;
}
