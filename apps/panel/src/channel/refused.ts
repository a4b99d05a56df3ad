import type { RefusalCode } from "@pulpit/host-control";

/** Why a command was not carried out: the host's reason, or that nobody knows whether it was. */
export type RefusedCode = RefusalCode | "bad-question" | "broken" | "lost";

export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: RefusedCode;
  /** What the host adds, as it says it. */
  readonly detail: string | undefined;

  constructor(code: RefusedCode, detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}
