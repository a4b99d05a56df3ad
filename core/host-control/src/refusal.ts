/** Why a host does not do what it was told; words for each live in the user interface. */
export type RefusalCode =
  | "gone" // the request, session or device is not there any more
  | "unknown-setting"
  | "bad-value" // `detail`: what is wanted instead
  | "weak-password"
  | "bad-id" // an ID has 6 to 16 characters: a letter first, then letters, digits, _ and -
  | "id-taken" // somebody else has it at this server
  | "not-supported" // this server does not change IDs
  | "too-frequent" // the server wants a pause
  | "no-server" // it needs the ID server, which does not answer
  | "wrong-code"
  | "not-begun" // no enrolment is under way, or it has run out
  | "already-on"
  | "not-available" // this computer can't do it
  | "storage"; // it could not be kept on disk

/** A command that was understood and not carried out. */
export class HostRefusal extends Error {
  override readonly name = "HostRefusal";
  readonly code: RefusalCode;
  readonly detail: string | undefined;

  constructor(code: RefusalCode, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? code : `${code}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }
}
