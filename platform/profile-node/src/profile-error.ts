/** What is wrong with a profile; none of it goes away by trying again. */
export type ProfileErrorCode =
  | "not-yours" // a file belongs to another user of this computer
  | "not-a-file" // a link or something else stands where a file of the profile should be
  | "damaged" // a file is not what was written
  | "sealed" // a file does not open with the device key of this profile
  | "half-written" // a crash or a power cut left the end of a file unfinished; the rest of it holds
  | "too-large"
  | "missing"; // there is nothing to work on yet

/** The profile can't be used as it is; the message says where and what to do, and holds no secret. */
export class ProfileError extends Error {
  override readonly name = "ProfileError";
  readonly code: ProfileErrorCode;
  readonly retryable = false;

  constructor(code: ProfileErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
