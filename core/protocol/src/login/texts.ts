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
  tooManyAttempts: "Too many wrong attempts",
  tryLater: "Please try 1 minute later",
  noFileTransfer: "No permission of file transfer",
  noCamera: "No permission of viewing camera",
  noTerminal: "No permission of terminal",
  noTunnel: "No permission of IP tunneling",
  notAllowed: "Connection not allowed",
} as const;
