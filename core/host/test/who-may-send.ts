import type { MessageKey, Permission, Scope } from "@pulpit/protocol";

/**
 * What a host does with each message of a viewer, written down from docs/protocol/session.md, sections 1 and 12, and
 * docs/protocol/terminal-and-tunnel.md, section 1, not from the gate's own rules.
 *
 * `ok`: acted upon. `mute`: taken without effect and without a word. `-`: dropped, and noted as out of place.
 * `needs`: the permission without which it is dropped although it is `ok`.
 *
 * Stricter than stock: screenshots and recording need Recording (media.md, weaknesses). Softer in words only: clipboard
 * and acknowledgements are mute in every kind of session, where stock notes some of them.
 */
const TABLE = `
message                         before  desktop files   camera  terminal tunnel  needs

loginRequest                    ok      ok      ok      ok      ok       ok
auth2fa                         ok      ok      ok      ok      ok       ok
switchSidesResponse             ok      ok      ok      ok      ok       ok
testDelay                       ok      ok      ok      ok      ok       ok
misc.closeReason                ok      ok      ok      ok      ok       ok

publicKey                       -       -       -       -       -        -
mouseEvent                      -       ok      -       mute    -        -       keyboard
keyEvent                        -       ok      -       mute    -        -       keyboard
pointerDeviceEvent              -       ok      -       mute    -        -       keyboard
clipboard                       -       ok      mute    mute    mute     mute    clipboard
multiClipboards                 -       ok      mute    mute    mute     mute    clipboard
audioFrame                      -       ok      -       ok      -        -       audio
voiceCallRequest                -       ok      -       ok      -        -       audio
screenshotRequest               -       ok      -       ok      -        -       recording
terminalAction                  -       -       -       -       ok       -       terminal
fileResponse                    -       -       ok      -       -        -       file

misc.chatMessage                -       ok      -       ok      ok       -
misc.switchDisplay              -       ok      -       ok      -        -
misc.option                     -       ok      ok      ok      ok       ok
misc.audioFormat                -       ok      -       ok      -        -       audio
misc.refreshVideo               -       ok      mute    ok      mute     mute
misc.refreshVideoDisplay        -       ok      mute    ok      mute     mute
misc.videoReceived              -       ok      mute    ok      mute     mute
misc.captureDisplays            -       ok      -       ok      -        -
misc.messageQuery               -       ok      -       ok      -        -
misc.autoAdjustFps              -       ok      -       -       -        -
misc.fullSpeedFps               -       ok      -       -       -        -
misc.clientRecordStatus         -       ok      -       ok      -        -       recording
misc.elevationRequest           -       ok      -       -       -        -       keyboard
misc.switchSidesRequest         -       ok      -       -       -        -       keyboard
misc.restartRemoteDevice        -       ok      -       -       -        -       restart
misc.changeResolution           -       ok      -       mute    -        -       keyboard
misc.changeDisplayResolution    -       ok      -       mute    -        -       keyboard
misc.toggleVirtualDisplay       -       ok      -       mute    -        -       keyboard
misc.togglePrivacyMode          -       ok      -       mute    -        -       privacy-mode
misc.selectedSid                -       ok      ok      ok      -        -
misc.pluginRequest              -       -       -       -       -        -
misc.pluginFailure              -       -       -       -       -        -

fileAction.readDir              -       -       ok      -       -        -       file
fileAction.readEmptyDirs        -       -       ok      -       -        -       file
fileAction.allFiles             -       -       ok      -       -        -       file
fileAction.send                 -       -       ok      -       -        -       file
fileAction.receive              -       -       ok      -       -        -       file
fileAction.sendConfirm          -       -       ok      -       -        -       file
fileAction.create               -       -       ok      -       -        -       file
fileAction.removeDir            -       -       ok      -       -        -       file
fileAction.removeFile           -       -       ok      -       -        -       file
fileAction.rename               -       -       ok      -       -        -       file
fileAction.cancel               -       -       ok      -       -        -       file

cliprdr.ready                   -       ok      mute    mute    mute     mute    file
cliprdr.formatList              -       ok      mute    mute    mute     mute    file
cliprdr.formatListResponse      -       ok      mute    mute    mute     mute    file
cliprdr.formatDataRequest       -       ok      mute    mute    mute     mute    file
cliprdr.formatDataResponse      -       ok      mute    mute    mute     mute    file
cliprdr.fileContentsRequest     -       ok      mute    mute    mute     mute    file
cliprdr.fileContentsResponse    -       ok      mute    mute    mute     mute    file
cliprdr.tryEmpty                -       ok      mute    mute    mute     mute    file
cliprdr.files                   -       ok      mute    mute    mute     mute    file

signedId                        mute    mute    mute    mute    mute     mute
hash                            mute    mute    mute    mute    mute     mute
loginResponse                   mute    mute    mute    mute    mute     mute
messageBox                      mute    mute    mute    mute    mute     mute
peerInfo                        mute    mute    mute    mute    mute     mute
videoFrame                      mute    mute    mute    mute    mute     mute
cursorData                      mute    mute    mute    mute    mute     mute
cursorPosition                  mute    mute    mute    mute    mute     mute
cursorId                        mute    mute    mute    mute    mute     mute
voiceCallResponse               mute    mute    mute    mute    mute     mute
screenshotResponse              mute    mute    mute    mute    mute     mute
terminalResponse                mute    mute    mute    mute    mute     mute
misc.permissionInfo             mute    mute    mute    mute    mute     mute
misc.supportedEncoding          mute    mute    mute    mute    mute     mute
misc.followCurrentDisplay       mute    mute    mute    mute    mute     mute
misc.backNotification           mute    mute    mute    mute    mute     mute
misc.uac                        mute    mute    mute    mute    mute     mute
misc.foregroundWindowElevated   mute    mute    mute    mute    mute     mute
misc.portableServiceRunning     mute    mute    mute    mute    mute     mute
misc.elevationResponse          mute    mute    mute    mute    mute     mute
misc.switchBack                 mute    mute    mute    mute    mute     mute
misc.stopService                mute    mute    mute    mute    mute     mute
`;

/** The same for the switches inside an option message: in which kinds of session, and with which permissions. */
const OPTIONS = `
option                 desktop files   camera  terminal tunnel  needs

imageQuality           ok      -       ok      -        -
customImageQuality     ok      -       ok      -        -
customFps              ok      -       ok      -        -
supportedDecoding      ok      -       ok      -        -
disableAudio           ok      -       ok      -        -
disableCamera          -       -       -       -        -
disableClipboard       ok      -       -       -        -
disableKeyboard        ok      -       -       -        -
showRemoteCursor       ok      -       -       -        -
showMyCursor           ok      -       -       -        -
followRemoteCursor     ok      -       -       -        -
followRemoteWindow     ok      -       -       -        -
enableFileTransfer     ok      -       -       -        -       file
lockAfterSessionEnd    ok      -       -       -        -       keyboard
blockInput             ok      -       -       -        -       keyboard block-input
privacyMode            ok      -       -       -        -       privacy-mode
terminalPersistent     -       -       -       ok       -       terminal
`;

export const SCOPES: readonly Scope[] = ["desktop", "files", "camera", "terminal", "tunnel"];

export type Cell = "ok" | "mute" | "-";

export interface Row<Name extends string = MessageKey> {
  readonly name: Name;
  readonly cells: Readonly<Record<string, Cell>>;
  readonly needs: readonly Permission[];
}

export const WHO_MAY_SEND: readonly Row[] = parsed<MessageKey>(TABLE, ["before", ...SCOPES]);
export const WHO_MAY_SET: readonly Row<string>[] = parsed(OPTIONS, SCOPES);

function parsed<Name extends string>(table: string, columns: readonly string[]): readonly Row<Name>[] {
  const [, ...lines] = table.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [name = "", ...words] = line.trim().split(/\s+/);
    return {
      name: name as Name,
      cells: Object.fromEntries(columns.map((column, i) => [column, words[i] as Cell])),
      needs: words.slice(columns.length) as Permission[],
    };
  });
}
