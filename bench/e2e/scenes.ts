import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openX11Input } from "@pulpit/desktop-linux";
import { start, stop } from "./processes.ts";
import { MARKER, type Scene } from "./settings.ts";

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const FONT = ["-fa", "DejaVu Sans Mono", "-fs", "10"];
/** Lines a second, about what a build prints; indented differently, so that no line looks like the one before it. */
const SCROLL = `i=0; while :; do i=$((i+1)); printf '%*s%s\\n' $((i*7%60)) '' "$i  The quick brown fox jumps over the lazy dog $((i*7919%10007))"; sleep 0.016; done`;

/** What is on the screen while something is measured. */
export async function startScene(scene: Scene, display: string): Promise<() => Promise<void>> {
  const env = { DISPLAY: display };
  // No terminal but the scene's own: it has the focus, and nothing covers it.
  const children: ChildProcess[] = [
    start(process.execPath, [file("marker.ts"), String(MARKER.x), String(MARKER.y), String(MARKER.size)], env),
  ];
  const stops: (() => Promise<void>)[] = [];
  const xterm = (command: string): void =>
    void children.push(start("xterm", [...FONT, "-geometry", "150x50+100+100", "-e", "sh", "-c", command], env));
  if (scene === "scrolling") xterm(SCROLL);
  if (scene === "moving") children.push(start(process.execPath, [file("moving.ts")], env));
  if (scene === "idle" || scene === "typing") xterm("ls -la --color=always /usr/lib | head -45; exec cat");
  if (scene === "typing") stops.push(await startTyping(display));
  return async () => {
    for (const end of stops) await end();
    for (const child of children) await stop(child);
  };
}

/** Eight letters a second into whatever is under the pointer's window: the terminal has the focus by its manager. */
async function startTyping(display: string): Promise<() => Promise<void>> {
  const input = await openX11Input(display);
  const text = "the quick brown fox jumps over the lazy dog ";
  let at = 0;
  const timer = setInterval(() => input.type(text[at++ % text.length] as string), 125);
  return async () => {
    clearInterval(timer);
    await input[Symbol.asyncDispose]();
  };
}
