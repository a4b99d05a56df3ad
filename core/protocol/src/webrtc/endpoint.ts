const PREFIX = "webrtc://";
/** Characters of an endpoint that are looked at; stock ones take 600 to 2 500. */
const MAX_ENDPOINT = 16_384;

/**
 * What an offer and the candidates that belong to it have in common: the offer's DTLS fingerprint as it stands
 * in its SDP; empty for no or an unusable offer. Source: docs/protocol/webrtc.md, sections 3.1 and 4.
 */
export function sessionKeyOf(offer: string): string {
  if (!offer.startsWith(PREFIX) || offer.length > MAX_ENDPOINT) return "";
  const sdp = sdpIn(offer.slice(PREFIX.length));
  const lines = sdp.split(/\r?\n/);
  // Session level first, which ends at the first medium; then the first section of a data channel that has one.
  const firstMedium = lines.findIndex((line) => line.startsWith("m="));
  const session = fingerprintIn(firstMedium < 0 ? lines : lines.slice(0, firstMedium));
  if (session !== "") return session;
  return (
    sectionsOf(lines.slice(Math.max(0, firstMedium)))
      .map(fingerprintIn)
      .find((found) => found !== "") ?? ""
  );
}

function sdpIn(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const description: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const sdp = typeof description === "object" && description !== null && "sdp" in description && description.sdp;
    return typeof sdp === "string" ? sdp : "";
  } catch {
    // Any of three decoders: whichever it was, there is no offer in it.
    return "";
  }
}

function sectionsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const sections: string[][] = [];
  for (const line of lines) {
    if (line.startsWith("m=")) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections.filter(([medium]) => medium?.startsWith("m=application"));
}

function fingerprintIn(lines: readonly string[]): string {
  const line = lines.find((candidate) => candidate.startsWith("a=fingerprint:"));
  return line === undefined ? "" : line.slice("a=fingerprint:".length).trim();
}
