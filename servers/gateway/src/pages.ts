import { existsSync } from "node:fs";
import { relative } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { GatewayConfig } from "./config.ts";

/** Hashed file names never change their content; everything else is asked for again. */
const FOREVER = "public, max-age=31536000, immutable";

/** The HTTP side: the web client's files, and what it has to know about this server. */
export function pages(config: GatewayConfig): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
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
      referrerPolicy: "no-referrer",
      xFrameOptions: "DENY",
    }),
  );
  app.get("/health", (c) => c.json({ status: "ok" }));
  app.get("/config.json", (c) => {
    c.header("Cache-Control", "no-store");
    return c.json({ serverKey: config.serverKey, idPath: "/ws/id", relayPath: "/ws/relay" });
  });
  app.all("/api/*", (c) => c.json({ error: "not found" }, 404));
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
  return app;
}
