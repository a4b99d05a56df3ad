// An X client: a square that changes its colour at each click. Usage: marker.ts X Y SIZE
import x11, { type Display } from "x11";

interface Drawing {
  AllocID(): number;
  CreateWindow(...args: unknown[]): void;
  MapWindow(id: number): void;
  RaiseWindow(id: number): void;
  ChangeWindowAttributes(id: number, values: object): void;
  ClearArea(id: number, x: number, y: number, w: number, h: number, exposures: number): void;
}

const [x, y, size] = process.argv.slice(2).map(Number);
const COLOURS = [0xff0000, 0x0000ff];
const BUTTON_PRESS_MASK = 4;
const BUTTON_PRESS = 4;

const display = await new Promise<Display>((resolve, reject) => {
  x11.createClient({ display: process.env.DISPLAY ?? "", shm: false }, (error, value) =>
    error ? reject(error) : resolve(value),
  );
});
const client = display.client as unknown as Drawing & Display["client"];
const window = client.AllocID();
const root = display.screen[0]?.root;
client.CreateWindow(window, root, x, y, size, size, 0, 0, 0, 0, {
  backgroundPixel: COLOURS[0],
  overrideRedirect: 1,
  eventMask: BUTTON_PRESS_MASK,
});
client.MapWindow(window);
let shown = 0;
client.on("event", (event) => {
  if (event.type !== BUTTON_PRESS) return;
  shown ^= 1;
  client.ChangeWindowAttributes(window, { backgroundPixel: COLOURS[shown] });
  client.ClearArea(window, 0, 0, 0, 0, 0);
});
setInterval(() => client.RaiseWindow(window), 2000);
