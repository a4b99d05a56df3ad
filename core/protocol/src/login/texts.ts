/**
 * Login errors as the wire spells them: the text is the protocol, stock viewers compare it literally.
 * Source: docs/protocol/session.md, section 6.
 */
export const LoginError = {
  wrongPassword: "Wrong Password",
  emptyPassword: "Empty Password",
  secondFactorRequired: "2FA Required",
  wrongSecondFactor: "Wrong 2FA Code",
  waitForAcceptance: "No Password Access",
  offline: "Offline",
  addressBlocked: "Your ip is blocked by the peer",
  idBlocked: "Your ID is blocked by the peer",
  tooManyAttempts: "Too many wrong attempts",
  tooManyFromPrefix: "Too many wrong attempts for IPv6 prefix /",
  tryLater: "Please try 1 minute later",
  noFileTransfer: "No permission of file transfer",
  noCamera: "No permission of viewing camera",
  noTerminal: "No permission of terminal",
  noTunnel: "No permission of IP tunneling",
  notAllowed: "Connection not allowed",
  /** Ours, for viewers that connect to an address and know no encryption there. */
  encryptedOnly: "This computer takes encrypted connections only. Connect by its ID instead of its address.",
} as const;

/** Farewells of a host; those with "manually" or "not allowed" keep stock viewers from coming back (section 19). */
export const Farewell = {
  closedByPerson: "Closed manually by the peer",
  inactive: "Connection failed due to inactivity",
  notAllowed: "Connection not allowed",
} as const;
