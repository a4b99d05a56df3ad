import type { Codec } from "@pulpit/protocol";
import { decoderConfig } from "./codec-string.ts";

/** Best first: quick to decode in software, then good at low bitrates. */
const PREFERENCE: readonly Codec[] = ["h264", "vp9", "av1", "vp8"];

/** Why this page can't show a remote desktop at all; undefined when it can. */
export function whyUnsupported(): "insecure-context" | "no-webcodecs" | undefined {
  if (!globalThis.isSecureContext) return "insecure-context";
  return typeof VideoDecoder === "undefined" ? "no-webcodecs" : undefined;
}

/** What the browser decodes, best first. */
export async function decodableCodecs(): Promise<readonly Codec[]> {
  if (whyUnsupported() !== undefined) return [];
  const answers = await Promise.all(
    PREFERENCE.map(async (codec) => {
      const { supported } = await VideoDecoder.isConfigSupported(decoderConfig(codec));
      return supported === true ? codec : undefined;
    }),
  );
  return answers.filter((codec) => codec !== undefined);
}
