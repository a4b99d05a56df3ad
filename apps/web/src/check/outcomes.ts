/** How good something is, for colour and icon. `note`: neither good nor bad, or not known. */
export type Level = "good" | "note" | "warning" | "bad";

/** What is looked at, in the order in which it is shown. */
export const CHECKS = ["page", "id", "relay", "clock", "udp", "ipv6", "nat", "direct"] as const;
export type CheckName = (typeof CHECKS)[number];

/** Everything that a check can come to. The words have a text for each, and what to do about all that is not good. */
export const OUTCOMES = {
  "page-good": "good",
  "page-insecure": "bad",
  "page-old": "bad",
  "page-no-video": "bad",
  answers: "good",
  "answers-slowly": "warning",
  "id-refused": "bad",
  "id-silent": "bad",
  "id-dropped": "bad",
  "relay-refused": "bad",
  "relay-silent": "bad",
  "relay-dropped": "bad",
  "clock-right": "good",
  "clock-ahead": "warning",
  "clock-behind": "warning",
  "clock-untold": "note",
  "udp-through": "good",
  "udp-none": "warning",
  "udp-no-server": "note",
  "udp-no-webrtc": "warning",
  "ipv6-there": "good",
  "ipv6-none": "note",
  "ipv6-untold": "note",
  "nat-same": "good",
  "nat-none": "good",
  "nat-changing": "warning",
  "nat-near": "note",
  "nat-untold": "note",
  "nat-unanswered": "note",
  "direct-likely": "good",
  "direct-unsure": "good",
  "direct-some": "warning",
  "direct-some-over6": "warning",
  "direct-relay": "warning",
  "direct-near": "note",
  "direct-unknown": "note",
  "not-checked": "note",
} as const;
export type Outcome = keyof typeof OUTCOMES;

/** What one check came to, and what its text has blanks for. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly ms?: number;
  readonly secondsApart?: number;
  readonly codecs?: readonly string[];
}

/** What has been found so far; a check that is missing still runs. */
export type Verdicts = Readonly<Partial<Record<CheckName, Verdict>>>;

/** How all of it is: as good as its worst part. */
export function summaryOf(verdicts: Verdicts): "running" | "good" | "warning" | "bad" {
  const levels = CHECKS.map((name) => levelOf(verdicts[name]));
  if (levels.includes("bad")) return "bad";
  if (levels.includes("pending")) return "running";
  return levels.includes("warning") ? "warning" : "good";
}

export function levelOf(verdict: Verdict | undefined): Level | "pending" {
  return verdict === undefined ? "pending" : OUTCOMES[verdict.outcome];
}
