import { SEGMENT_HEADER } from "./parameters.ts";

/** What a segment is for. */
export const SegmentCommand = { push: 81, acknowledge: 82, askWindow: 83, tellWindow: 84 } as const;
export type SegmentCommand = (typeof SegmentCommand)[keyof typeof SegmentCommand];

/** The fields of a segment that its sender chooses; the conversation is the session's. All numbers are unsigned. */
export interface Segment {
  readonly command: SegmentCommand;
  /** Segments its sender has room for, 16 bits. */
  readonly window: number;
  /** Its sender's clock, ms, 32 bits; an acknowledgement returns that of the segment it is for. */
  readonly timestamp: number;
  /** Number of the segment pushed or acknowledged, 32 bits. */
  readonly number: number;
  /** All segments before this one have arrived, 32 bits. */
  readonly arrivedBefore: number;
  readonly data: Uint8Array;
}

/**
 * The segments of a datagram without its session header; `data` are views. Undefined when any of it is not KCP or
 * of another conversation. Less than a header at the end is passed over, as in stock. Source: docs/protocol/wire.md,
 * section 5.4.
 */
export function segmentsIn(bytes: Uint8Array, conversation: number): readonly Segment[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const segments: Segment[] = [];
  for (let at = 0; bytes.length - at >= SEGMENT_HEADER; ) {
    const command = view.getUint8(at + 4);
    const length = view.getUint32(at + 20, true);
    const start = at + SEGMENT_HEADER;
    if (view.getUint32(at, true) !== conversation || !isCommand(command) || length > bytes.length - start)
      return undefined;
    segments.push({
      command,
      window: view.getUint16(at + 6, true),
      timestamp: view.getUint32(at + 8, true),
      number: view.getUint32(at + 12, true),
      arrivedBefore: view.getUint32(at + 16, true),
      data: bytes.subarray(start, start + length),
    });
    at = start + length;
  }
  return segments;
}

function isCommand(value: number): value is SegmentCommand {
  return value >= SegmentCommand.push && value <= SegmentCommand.tellWindow;
}

/** Writes a segment at `at`; there has to be room. Returns where it ends. */
export function writeSegment(into: Uint8Array, at: number, conversation: number, segment: Segment): number {
  const view = new DataView(into.buffer, into.byteOffset, into.length);
  view.setUint32(at, conversation, true);
  view.setUint8(at + 4, segment.command);
  // The fragment count: always 0, because segments are pieces of a stream, not of messages.
  view.setUint8(at + 5, 0);
  view.setUint16(at + 6, segment.window, true);
  view.setUint32(at + 8, segment.timestamp, true);
  view.setUint32(at + 12, segment.number, true);
  view.setUint32(at + 16, segment.arrivedBefore, true);
  view.setUint32(at + 20, segment.data.length, true);
  into.set(segment.data, at + SEGMENT_HEADER);
  return at + SEGMENT_HEADER + segment.data.length;
}
