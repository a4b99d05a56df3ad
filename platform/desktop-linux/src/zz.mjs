import { spawn } from "node:child_process";
import { startVirtualDesktop } from "./virtual-desktop.ts";
import { X11Connection } from "./x11/connection.ts";

const prop = process.argv[2];
let bad = 0;
for (let i = 0; i < 12; i++) {
  const d = await startVirtualDesktop({ width: 1280, height: 800, bare: true });
  const o = { env: { ...process.env, DISPLAY: d.display }, stdio: ["ignore", "pipe", "ignore"] };
  const c = await X11Connection.open(d.display);
  const X = c.client;
  const ob = spawn("openbox", [], { ...o, stdio: "ignore" });
  const atom = await c.ask((cb) => X.InternAtom(false, prop, cb));
  let _n = 0;
  const t0 = performance.now();
  for (;;) {
    const p = await c.ask((cb) => X.GetProperty(0, c.root, atom, 0, 0, 1, cb));
    _n++;
    if (p.type) break;
    await new Promise((r) => setTimeout(r, 5));
  }
  const t1 = performance.now();
  // fast client
  const w = X.AllocID();
  X.CreateWindow(w, c.root, 10, 10, 100, 100, 0, 0, 0, 0, { backgroundPixel: 0xff0000 });
  X.MapWindow(w);
  await c.flushed();
  await new Promise((r) => setTimeout(r, 700));
  const a = await c.ask((cb) => X.GetWindowAttributes(w, cb));
  if (a.mapState !== 2) bad++;
  process.stdout.write(`${Math.round(t1 - t0)}ms:${a.mapState} `);
  ob.kill();
  await c[Symbol.asyncDispose]();
  await d[Symbol.asyncDispose]();
}
console.log(prop, "bad", bad);
