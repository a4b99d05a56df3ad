import type { PeerInfo, SupportedDecoding } from "@pulpit/wire";
import { SupportedDecoding_PreferCodec as Prefer } from "@pulpit/wire";
import type { Codec } from "./codec.ts";

const PREFERRED: ReadonlyMap<Prefer, Codec> = new Map([
  [Prefer.VP9, "vp9"],
  [Prefer.H264, "h264"],
  [Prefer.H265, "h265"],
  [Prefer.VP8, "vp8"],
  [Prefer.AV1, "av1"],
]);

/**
 * What a viewer says it decodes. One that says nothing at login decodes VP9 only; VP9 ability 0 is honoured
 * when another codec is left (docs/protocol/media.md, sections 4.1 and 4.3).
 */
export function decodableCodecs(decoding: SupportedDecoding | undefined): ReadonlySet<Codec> {
  if (decoding === undefined) return new Set(["vp9"]);
  const abilities: readonly (readonly [Codec, number])[] = [
    ["vp9", decoding.abilityVp9],
    ["h264", decoding.abilityH264],
    ["av1", decoding.abilityAv1],
    ["vp8", decoding.abilityVp8],
    ["h265", decoding.abilityH265],
  ];
  const codecs = new Set(abilities.filter(([, ability]) => ability > 0).map(([codec]) => codec));
  return codecs.size > 0 ? codecs : new Set(["vp9"]);
}

/**
 * The codec for one viewer: its preference where both ends can, else the host's first choice that the viewer
 * decodes; undefined when there is none in common. `encodable`: best first. Source: media.md, section 4.2.
 */
export function chooseCodec(encodable: readonly Codec[], decoding: SupportedDecoding | undefined): Codec | undefined {
  const decodable = decodableCodecs(decoding);
  const usable = encodable.filter((codec) => decodable.has(codec));
  const preferred = decoding === undefined ? undefined : PREFERRED.get(decoding.prefer);
  return preferred !== undefined && usable.includes(preferred) ? preferred : usable[0];
}

/** The same preference on the wire; `auto` lets the host decide. */
export function preferenceToWire(codec: Codec | "auto"): Prefer {
  for (const [wire, name] of PREFERRED) if (name === codec) return wire;
  return Prefer.AUTO;
}

/** Codecs a host announces in PeerInfo.encoding; VP9 has no flag because every host has it. */
export function encodingFromWire(encoding: PeerInfo["encoding"]): ReadonlySet<Codec> {
  const codecs = new Set<Codec>(["vp9"]);
  if (encoding?.h264) codecs.add("h264");
  if (encoding?.h265) codecs.add("h265");
  if (encoding?.vp8) codecs.add("vp8");
  if (encoding?.av1) codecs.add("av1");
  return codecs;
}
