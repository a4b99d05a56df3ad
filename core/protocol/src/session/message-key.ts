import type { Cliprdr, FileAction, Misc, PeerMessage } from "@pulpit/wire";

type CaseOf<Union extends { case: string | undefined }> = Exclude<Union["case"], undefined>;

/** Messages that are only containers; what counts is what is inside. */
type Container = "misc" | "fileAction" | "cliprdr";

/**
 * A name for every message of a session, derived from the schema: a message added there does not compile
 * until the gate has a rule for it.
 */
export type MessageKey =
  | Exclude<CaseOf<PeerMessage>, Container>
  | `misc.${CaseOf<Misc["union"]>}`
  | `fileAction.${CaseOf<FileAction["union"]>}`
  | `cliprdr.${CaseOf<Cliprdr["union"]>}`;

/** The name of a message; undefined when it, or what it contains, is unknown to this version. */
export function messageKey(message: PeerMessage): MessageKey | undefined {
  switch (message.case) {
    case "misc":
    case "fileAction":
    case "cliprdr": {
      const inner = message.value.union.case;
      return inner === undefined ? undefined : (`${message.case}.${inner}` as MessageKey);
    }
    default:
      return message.case;
  }
}
