import type { Callback, Randr } from "x11";
import type { X11Connection } from "./connection.ts";

/** Numbers of RandR 1.5; the package x11 ends at 1.4. */
const GET_MONITORS = 42;
const REQUEST_BYTES = 12;
/** Where the list begins in a reply without its first 8 bytes, and the size of an entry without its outputs. */
const LIST_AT = 24;
const ENTRY_BYTES = 24;
const OUTPUT_BYTES = 4;

/** A monitor as RandR 1.5 sees it: outputs put together or divided as the person at the machine wishes. */
export interface Monitor {
  readonly nameAtom: number;
  readonly primary: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The active monitors, in the server's order. Rejects with DesktopError. */
export function readMonitors(connection: X11Connection, randr: Randr): Promise<readonly Monitor[]> {
  return connection.ask<readonly Monitor[]>((callback) => {
    const { client, root } = connection;
    const request = Buffer.alloc(REQUEST_BYTES);
    request.writeUInt8(randr.majorOpcode, 0);
    request.writeUInt8(GET_MONITORS, 1);
    request.writeUInt16LE(REQUEST_BYTES / 4, 2);
    request.writeUInt32LE(root, 4);
    request.writeUInt8(1, 8);
    client.seq_num++;
    client.pack_stream.put(request);
    client.replies[client.seq_num] = [parseMonitors, callback as Callback<never>];
    client.pack_stream.submit(true);
  });
}

/** The list in a reply; what is cut off is left out. */
export function parseMonitors(body: Uint8Array): readonly Monitor[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const monitors: Monitor[] = [];
  for (let at = LIST_AT; at + ENTRY_BYTES <= view.byteLength; ) {
    monitors.push({
      nameAtom: view.getUint32(at, true),
      primary: view.getUint8(at + 4) !== 0,
      x: view.getInt16(at + 8, true),
      y: view.getInt16(at + 10, true),
      width: view.getUint16(at + 12, true),
      height: view.getUint16(at + 14, true),
    });
    at += ENTRY_BYTES + view.getUint16(at + 6, true) * OUTPUT_BYTES;
  }
  return monitors;
}
