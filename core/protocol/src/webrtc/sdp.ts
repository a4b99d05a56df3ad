const FINGERPRINT = "a=fingerprint:";
const CANDIDATE = "a=candidate:";
/** Ways in which a line may end; a line that only some parsers see must not be one for us to miss. */
const LINE_END = /\r\n|\n|\r/;
/** Bytes of a SHA-256 hash. */
const HASH_BYTES = 32;

/**
 * The text after `a=fingerprint:`, trimmed: that of the session, else that of the first data channel section with one;
 * empty when there is none. It joins messages of one connection and proves nothing; what proves is `certificateIn`.
 * Source: docs/protocol/webrtc.md, section 4.
 */
export function fingerprintIn(sdp: string): string {
  const lines = sdp.split(/\r?\n/);
  // Session level ends at the first medium.
  const firstMedium = lines.findIndex((line) => line.startsWith("m="));
  const session = firstOf(firstMedium < 0 ? lines : lines.slice(0, firstMedium));
  if (session !== "") return session;
  return (
    sectionsOf(lines.slice(Math.max(0, firstMedium)))
      .map(firstOf)
      .find((found) => found !== "") ?? ""
  );
}

/**
 * The one certificate that a description allows, as the text of its fingerprint lines; empty when there is none, when
 * two lines differ, or when it is no SHA-256. With two of them DTLS might check one and the identity the other.
 */
export function certificateIn(sdp: string): string {
  const lines = sdp.split(LINE_END).filter((line) => line.trimStart().toLowerCase().startsWith(FINGERPRINT));
  const texts = new Set(lines.map((line) => line.trimStart().slice(FINGERPRINT.length).trim()));
  const [text = ""] = texts;
  return texts.size === 1 && certificateHash(text) !== undefined ? text : "";
}

/** The 32 bytes that `sha-256 A0:A1:…` stands for; undefined for anything else, other hashes included. */
export function certificateHash(fingerprint: string): Uint8Array | undefined {
  const hex = /^sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i.exec(fingerprint)?.[1];
  if (hex === undefined) return undefined;
  return Uint8Array.from({ length: HASH_BYTES }, (_, i) => Number.parseInt(hex.slice(3 * i, 3 * i + 2), 16));
}

/** Whether both texts name one certificate, by its bytes and not by its spelling (section 17, row 9). */
export function sameCertificate(a: string, b: string): boolean {
  const first = certificateHash(a);
  const second = certificateHash(b);
  return first !== undefined && second?.every((byte, i) => byte === first[i]) === true;
}

/** Whether it describes one data channel transport and nothing else; audio and video are not part of this. */
export function isDataChannelOnly(sdp: string): boolean {
  const media = sdp.split(LINE_END).filter((line) => line.startsWith("m="));
  return media.length === 1 && media[0]?.startsWith("m=application ") === true;
}

/**
 * The description with at most `most` of its candidates, those that `keep` agrees to; the argument of `keep` is what
 * stands in a line after `a=`. Without any an offer fits into a datagram (section 3.4).
 */
export function withCandidates(sdp: string, keep: (candidate: string) => boolean, most: number): string {
  let kept = 0;
  const lines = sdp.split(LINE_END).filter((line) => {
    if (!line.trimStart().toLowerCase().startsWith(CANDIDATE)) return true;
    if (kept >= most || !line.startsWith(CANDIDATE) || !keep(line.slice(2))) return false;
    kept += 1;
    return true;
  });
  return lines.join("\r\n");
}

function sectionsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const sections: string[][] = [];
  for (const line of lines) {
    if (line.startsWith("m=")) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections.filter(([medium]) => medium?.startsWith("m=application"));
}

function firstOf(lines: readonly string[]): string {
  const line = lines.find((candidate) => candidate.startsWith(FINGERPRINT));
  return line === undefined ? "" : line.slice(FINGERPRINT.length).trim();
}
