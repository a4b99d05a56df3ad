// Looks at a remote desktop without a browser: logs in, decodes pictures, writes the last one as a PPM file.
// Usage: node examples/01-look.ts SERVER_URL ID PASSWORD OUT.ppm
// SERVER_URL is what `pulpit up` prints, such as http://localhost:21114.
import { writeFileSync } from "node:fs";
import { ffmpegVideoSink, type RgbaPicture } from "@pulpit/codec-ffmpeg";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { dial, nodeClock } from "@pulpit/link-node";
import { view } from "@pulpit/viewer";

const [server = "", hostId = "", password = "", out = "desktop.ppm"] = process.argv.slice(2);
const { serverKey, idPath, relayPath } = (await (await fetch(new URL("/config.json", server))).json()) as Record<
  string,
  string
>;
const socket = (path: string | undefined): string => new URL(path ?? "/", server.replace(/^http/, "ws")).href;

let last: RgbaPicture | undefined;
let pictures = 0;
const session = view(
  { hostId, serverKey: serverKey ?? "", idServer: socket(idPath), relayAddress: () => socket(relayPath) },
  { id: "example", name: "Example", platform: "Linux" },
  {
    dial,
    crypto: nodeCrypto(),
    random: nodeRandom(),
    compression: nodeCompression(),
    clock: nodeClock(),
    // A program that looks once remembers nobody; a real viewer keeps the keys it has seen.
    knownHosts: { get: async () => undefined, set: async () => undefined },
    video: ffmpegVideoSink((_display, picture) => {
      last = picture;
      pictures += 1;
    }),
  },
  { password },
);

const end = Promise.withResolvers<string>();
session.subscribe(() => {
  const { phase } = session.state;
  if (phase.name === "ended") end.resolve(phase.end.code);
  if (phase.name === "password") session.close();
});
setTimeout(() => session.close(), 3000);
const why = await end.promise;
if (last === undefined) {
  console.error(`No picture: ${why}`);
  process.exit(1);
}
const { width, height, pixels } = last;
const rgb = pixels.filter((_, i) => i % 4 !== 3);
writeFileSync(out, Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), rgb]));
console.log(`${pictures} pictures of ${width} × ${height}, the last one in ${out}`);
process.exit(0);
