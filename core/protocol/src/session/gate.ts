import type { MessageKey } from "./message-key.ts";
import type { Permission } from "./permissions.ts";

/** What a session is for, chosen at login (docs/protocol/session.md, section 4). */
export type Scope = "desktop" | "files" | "camera" | "terminal" | "tunnel";

/** Where a viewer stands with a host. */
export interface Standing {
  /** Undefined before login. */
  readonly scope: Scope | undefined;
  readonly granted: ReadonlySet<Permission>;
}

/** What the gate says to a message. */
export type Verdict =
  | "allow"
  /** Dropped in silence: harmless leftovers of stock viewers, and what only the other side may send. */
  | "ignore"
  | "not-logged-in"
  | "wrong-scope"
  | "no-permission";

interface Rule {
  /** Who may send it at all. */
  readonly from: "host" | "viewer" | "both";
  /** Acted upon before login too. On the host these are exactly five. */
  readonly before?: "login";
  readonly scopes: readonly Scope[] | "any";
  readonly needs?: Permission;
  /** Taken without effect in these scopes, where stock viewers send it to everybody. */
  readonly ignoredIn?: readonly Scope[];
}

const desktop: readonly Scope[] = ["desktop"];
const pictures: readonly Scope[] = ["desktop", "camera"];
const files: readonly Scope[] = ["files"];
const terminal: readonly Scope[] = ["terminal"];
/** Stock viewers send refresh requests to every kind of session (session.md, section 12.3). */
const noPictures: readonly Scope[] = ["files", "terminal", "tunnel"];
/** Stock viewers send input, clipboard and display wishes to camera sessions. */
const camera: readonly Scope[] = ["camera"];
/** … and clipboard content to all of them. */
const noClipboard: readonly Scope[] = ["files", "terminal", "camera", "tunnel"];

/** The only place that says who may send what. A message missing here does not compile. */
export const rules: Readonly<Record<MessageKey, Rule>> = {
  // Handshake: over by the time the gate stands.
  signedId: { from: "host", scopes: [] },
  publicKey: { from: "viewer", scopes: [] },

  // The five that a host acts upon before login (session.md, section 1, rule 4).
  loginRequest: { from: "viewer", before: "login", scopes: "any" },
  auth2fa: { from: "viewer", before: "login", scopes: "any" },
  switchSidesResponse: { from: "viewer", before: "login", scopes: "any" },
  testDelay: { from: "both", before: "login", scopes: "any" },
  "misc.closeReason": { from: "both", before: "login", scopes: "any" },

  // What a viewer hears before login.
  hash: { from: "host", before: "login", scopes: "any" },
  loginResponse: { from: "host", before: "login", scopes: "any" },
  "misc.permissionInfo": { from: "host", before: "login", scopes: "any" },
  messageBox: { from: "host", before: "login", scopes: "any" },

  peerInfo: { from: "host", scopes: "any" },
  videoFrame: { from: "host", scopes: pictures },
  cursorData: { from: "host", scopes: desktop },
  cursorPosition: { from: "host", scopes: desktop },
  cursorId: { from: "host", scopes: desktop },
  audioFrame: { from: "both", scopes: pictures, needs: "audio" },
  mouseEvent: { from: "viewer", scopes: desktop, needs: "keyboard", ignoredIn: camera },
  keyEvent: { from: "viewer", scopes: desktop, needs: "keyboard", ignoredIn: camera },
  pointerDeviceEvent: { from: "viewer", scopes: desktop, needs: "keyboard", ignoredIn: camera },
  clipboard: { from: "both", scopes: desktop, needs: "clipboard", ignoredIn: noClipboard },
  multiClipboards: { from: "both", scopes: desktop, needs: "clipboard", ignoredIn: noClipboard },
  fileResponse: { from: "both", scopes: files, needs: "file" },
  voiceCallRequest: { from: "both", scopes: pictures, needs: "audio" },
  voiceCallResponse: { from: "host", scopes: pictures, needs: "audio" },
  screenshotRequest: { from: "viewer", scopes: pictures, needs: "recording" },
  screenshotResponse: { from: "host", scopes: pictures },
  terminalAction: { from: "viewer", scopes: terminal, needs: "terminal" },
  terminalResponse: { from: "host", scopes: terminal },

  "misc.chatMessage": { from: "both", scopes: ["desktop", "camera", "terminal"] },
  "misc.switchDisplay": { from: "both", scopes: pictures },
  "misc.option": { from: "viewer", scopes: "any" }, // field by field: options.ts
  "misc.audioFormat": { from: "both", scopes: pictures, needs: "audio" },
  "misc.refreshVideo": { from: "viewer", scopes: pictures, ignoredIn: noPictures },
  "misc.refreshVideoDisplay": { from: "viewer", scopes: pictures, ignoredIn: noPictures },
  "misc.videoReceived": { from: "viewer", scopes: pictures, ignoredIn: noPictures },
  "misc.captureDisplays": { from: "viewer", scopes: pictures },
  "misc.messageQuery": { from: "viewer", scopes: pictures },
  "misc.autoAdjustFps": { from: "viewer", scopes: desktop },
  "misc.fullSpeedFps": { from: "viewer", scopes: desktop },
  "misc.clientRecordStatus": { from: "viewer", scopes: pictures, needs: "recording" },
  "misc.supportedEncoding": { from: "host", scopes: pictures },
  "misc.followCurrentDisplay": { from: "host", scopes: desktop },
  "misc.backNotification": { from: "host", scopes: desktop },
  "misc.uac": { from: "host", scopes: desktop },
  "misc.foregroundWindowElevated": { from: "host", scopes: desktop },
  "misc.portableServiceRunning": { from: "host", scopes: desktop },
  "misc.elevationRequest": { from: "viewer", scopes: desktop, needs: "keyboard" },
  "misc.elevationResponse": { from: "host", scopes: desktop },
  "misc.switchSidesRequest": { from: "viewer", scopes: desktop, needs: "keyboard" },
  "misc.switchBack": { from: "host", scopes: desktop },
  "misc.restartRemoteDevice": { from: "viewer", scopes: desktop, needs: "restart" },
  "misc.changeResolution": { from: "viewer", scopes: desktop, needs: "keyboard", ignoredIn: camera },
  "misc.changeDisplayResolution": { from: "viewer", scopes: desktop, needs: "keyboard", ignoredIn: camera },
  "misc.toggleVirtualDisplay": { from: "viewer", scopes: desktop, needs: "keyboard", ignoredIn: camera },
  "misc.togglePrivacyMode": { from: "viewer", scopes: desktop, needs: "privacy-mode", ignoredIn: camera },
  "misc.selectedSid": { from: "viewer", scopes: ["desktop", "files", "camera"] },
  "misc.pluginRequest": { from: "both", scopes: [] }, // no build uses plugins
  "misc.pluginFailure": { from: "both", scopes: [] },
  "misc.stopService": { from: "host", scopes: [] }, // never on the wire

  "fileAction.readDir": { from: "viewer", scopes: files, needs: "file" },
  "fileAction.readEmptyDirs": { from: "viewer", scopes: files, needs: "file" },
  "fileAction.allFiles": { from: "viewer", scopes: files, needs: "file" },
  "fileAction.send": { from: "both", scopes: files, needs: "file" },
  "fileAction.receive": { from: "viewer", scopes: files, needs: "file" },
  "fileAction.sendConfirm": { from: "both", scopes: files, needs: "file" },
  "fileAction.create": { from: "viewer", scopes: files, needs: "file" },
  "fileAction.removeDir": { from: "viewer", scopes: files, needs: "file" },
  "fileAction.removeFile": { from: "viewer", scopes: files, needs: "file" },
  "fileAction.rename": { from: "viewer", scopes: files, needs: "file" },
  "fileAction.cancel": { from: "both", scopes: files, needs: "file" },

  "cliprdr.ready": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
  "cliprdr.formatList": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
  "cliprdr.formatListResponse": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
  "cliprdr.formatDataRequest": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
  "cliprdr.formatDataResponse": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
  "cliprdr.fileContentsRequest": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
  "cliprdr.fileContentsResponse": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
  "cliprdr.tryEmpty": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
  "cliprdr.files": { from: "both", scopes: desktop, needs: "file", ignoredIn: noClipboard },
};

/**
 * May this viewer's message be acted upon by the host? Asked once, before routing; features never ask.
 * `key` undefined: a message of a later version, to be ignored.
 */
export function judge(key: MessageKey | undefined, viewer: Standing): Verdict {
  if (key === undefined) return "ignore";
  const rule = rules[key];
  if (rule.from === "host") return "ignore";
  if (viewer.scope === undefined) return rule.before === "login" ? "allow" : "not-logged-in";
  if (rule.scopes !== "any" && !rule.scopes.includes(viewer.scope)) {
    return rule.ignoredIn?.includes(viewer.scope) ? "ignore" : "wrong-scope";
  }
  if (rule.needs !== undefined && !viewer.granted.has(rule.needs)) return "no-permission";
  return "allow";
}

/** Which permission a viewer makes use of by sending this; undefined when it needs none. */
export function permissionFor(key: MessageKey): Permission | undefined {
  return rules[key].needs;
}

/** May the host send this to the viewer, and will the viewer act upon it? The same table, the other way. */
export function judgeFromHost(key: MessageKey | undefined, viewer: Pick<Standing, "scope">): Verdict {
  if (key === undefined) return "ignore";
  const rule = rules[key];
  if (rule.from === "viewer") return "ignore";
  if (viewer.scope === undefined) return rule.before === "login" ? "allow" : "not-logged-in";
  return rule.scopes === "any" || rule.scopes.includes(viewer.scope) ? "allow" : "wrong-scope";
}
