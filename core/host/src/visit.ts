import {
  type HostSession,
  type MessageKey,
  maySet,
  type OptionField,
  optionRules,
  type Permission,
  type Standing,
} from "@pulpit/protocol";
import type { LoginRequest, OptionMessage, PeerMessage } from "@pulpit/wire";
import { CursorFeature } from "./features/cursor.ts";
import { DesktopInput } from "./features/desktop-input.ts";
import type { Feature, ViewerChannel } from "./features/feature.ts";
import { VideoFeature } from "./features/video.ts";
import { peerInfo } from "./peer-info.ts";
import type { HostShared } from "./session.ts";

/** A viewer that got in: its features, and the way messages find them. */
export interface Visit {
  readonly request: LoginRequest;
  deliver(key: MessageKey, message: PeerMessage, standing: Standing): void;
  measured(delay: number): void;
  /** What the viewer may do has changed. */
  permitted(granted: ReadonlySet<Permission>): void;
  close(): Promise<void>;
}

/** Answers the login and starts everything a desktop session has. Source: docs/protocol/session.md, section 7. */
export function admitted(visit: {
  readonly channel: ViewerChannel;
  readonly machine: HostSession;
  readonly shared: HostShared;
  readonly request: LoginRequest;
  readonly standing: Standing;
}): Visit {
  const { channel, machine, shared, request, standing } = visit;
  const { desktop, world } = shared;
  const video = new VideoFeature({
    channel,
    desktop,
    acknowledged: request.videoAckRequired,
    onBitrate: (kbps) => {
      machine.targetBitrate = kbps;
    },
  });
  const features: Feature[] = [video];
  let cursor: CursorFeature | undefined;
  // The answer goes first: features may send from the moment they exist.
  const answer = { union: { case: "peerInfo" as const, value: peerInfo(desktop) } };
  channel.send({ case: "loginResponse", value: answer }, "control");
  if (desktop.cursor !== undefined) {
    cursor = new CursorFeature({ channel, compression: world.compression, cursor: desktop.cursor });
    features.push(cursor);
  }
  if (desktop.input !== undefined) {
    features.push(
      new DesktopInput({
        channel,
        desktop,
        input: desktop.input,
        onPointer: () => cursor?.movedByViewer(),
        onAction: () => video.hurry(),
      }),
    );
  }
  if (request.option !== undefined) applyOption(features, request.option, standing);
  video.start();

  return {
    request,
    deliver(key, message, current) {
      if (message.case === "misc" && message.value.union.case === "option") {
        applyOption(features, message.value.union.value, current);
      } else for (const feature of features) if (feature.handles.includes(key)) feature.handle(message);
    },
    measured(delay) {
      for (const feature of features) feature.measured?.(delay);
    },
    permitted(granted) {
      for (const feature of features) feature.permitted?.(granted);
    },
    async close() {
      await Promise.all(features.map((feature) => feature.close()));
    },
  };
}

function applyOption(features: readonly Feature[], option: OptionMessage, standing: Standing): void {
  const allowed = permitted(option, standing);
  for (const feature of features) feature.option?.(allowed);
}

/** The option with every switch this viewer may not set put to "no change", which is the default of each field. */
function permitted(option: OptionMessage, standing: Standing): OptionMessage {
  const out = { ...option };
  for (const field of Object.keys(optionRules) as OptionField[]) {
    if (maySet(field, standing)) continue;
    if (field === "supportedDecoding") delete out.supportedDecoding;
    else out[field] = 0 as never;
  }
  return out;
}
