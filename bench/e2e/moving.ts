// An X client that plays a video-like scene, 1280 × 720 at 30 pictures a second, made before it starts.
import koffi from "koffi";
import x11, { type Callback, type Display } from "x11";

const WIDTH = 1280;
const HEIGHT = 720;
const PICTURES = 24;
const X = 100;
const Y = 100;

interface Shm {
  Attach(segment: number, id: number, readOnly: boolean): void;
  PutImage(window: number, gc: number, image: object): void;
}
interface Drawing {
  AllocID(): number;
  CreateWindow(...args: unknown[]): void;
  CreateGC(id: number, window: number, values: object): void;
  MapWindow(id: number): void;
  require(name: string, callback: Callback<Shm>): void;
}

/** Soft shapes that wander over a textured ground: what films are made of, more or less. */
function paint(out: Uint8Array, picture: number): void {
  const phase = (picture / PICTURES) * 2 * Math.PI;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const shift = x + 160 * Math.sin(phase);
      const lift = y + 90 * Math.cos(phase);
      const wave = Math.sin(shift / 47) + Math.sin(lift / 31) + Math.sin((shift + lift) / 73);
      const grain = ((x * 7919 + y * 104_729) & 15) - 8;
      const at = (y * WIDTH + x) * 4;
      out[at] = Math.max(0, Math.min(255, 110 + 40 * wave + grain));
      out[at + 1] = Math.max(0, Math.min(255, 120 + 35 * Math.sin(wave + shift / 90) + grain));
      out[at + 2] = Math.max(0, Math.min(255, 130 + 45 * Math.cos(wave - lift / 70) + grain));
    }
  }
}

const libc = koffi.load("libc.so.6");
const shmget = libc.func("int shmget(int key, size_t size, int flags)");
const shmat = libc.func("void *shmat(int id, const void *address, int flags)");
const shmctl = libc.func("int shmctl(int id, int command, void *buffer)");
const bytes = WIDTH * HEIGHT * 4;
const id: number = shmget(0, bytes * PICTURES, 0o1600);
const pixels = new Uint8Array(koffi.view(shmat(id, null, 0), bytes * PICTURES));
for (let i = 0; i < PICTURES; i++) paint(pixels.subarray(i * bytes, (i + 1) * bytes), i);

const display = await new Promise<Display>((resolve, reject) => {
  x11.createClient({ display: process.env.DISPLAY ?? "", shm: false }, (error, value) =>
    error ? reject(error) : resolve(value),
  );
});
const client = display.client as unknown as Drawing;
const shm = await new Promise<Shm>((resolve, reject) => {
  client.require("shm", (error, value) => (error ? reject(error) : resolve(value)));
});
const window = client.AllocID();
const gc = client.AllocID();
const segment = client.AllocID();
client.CreateWindow(window, display.screen[0]?.root, X, Y, WIDTH, HEIGHT, 0, 0, 0, 0, {
  backgroundPixel: 0,
  overrideRedirect: 1,
});
client.CreateGC(gc, window, {});
client.MapWindow(window);
shm.Attach(segment, id, true);
setTimeout(() => shmctl(id, 0, null), 1000);
let picture = 0;
setInterval(() => {
  picture = (picture + 1) % PICTURES;
  shm.PutImage(window, gc, {
    totalWidth: WIDTH,
    totalHeight: HEIGHT * PICTURES,
    srcX: 0,
    srcY: picture * HEIGHT,
    srcWidth: WIDTH,
    srcHeight: HEIGHT,
    dstX: 0,
    dstY: 0,
    depth: 24,
    format: 2,
    sendEvent: false,
    shmseg: segment,
    offset: 0,
  });
}, 1000 / 30);
