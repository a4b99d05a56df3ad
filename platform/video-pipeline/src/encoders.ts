import { ffmpegEncoders } from "@pulpit/codec-ffmpeg";
import { libvpxVp8, libvpxVp9 } from "@pulpit/codec-libvpx";
import type { EncoderBackend } from "@pulpit/host";

/**
 * Every way to encode on this machine, in order of preference: first by codec, then by who does it better.
 * H.264 first: it is the quickest to make here and to decode in browsers (docs/performance.md).
 */
export function encoderBackends(): readonly EncoderBackend[] {
  const [h264, vp9, av1, vp8] = ffmpegEncoders();
  return [h264, libvpxVp9(), vp9, av1, libvpxVp8(), vp8].filter((backend) => backend !== undefined);
}

/** Those that work here. */
export async function suitableEncoders(): Promise<readonly EncoderBackend[]> {
  const suited = await Promise.all(
    encoderBackends().map(async (backend) => ((await backend.suits()) ? backend : undefined)),
  );
  return suited.filter((backend) => backend !== undefined);
}
