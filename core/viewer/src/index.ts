export type { CursorSink } from "./ports/cursor-sink.ts";
export type { KnownHosts } from "./ports/known-hosts.ts";
export type { EncodedUnit, VideoSink, VideoSinkEvents } from "./ports/video-sink.ts";
export type {
  ConnectionFacts,
  End,
  EndCode,
  Permission,
  Phase,
  RemoteDisplay,
  RemotePeer,
  ViewerState,
} from "./state.ts";
export { type ViewOptions, view } from "./view.ts";
export type { KeyInput, PointerButton, ViewerIdentity, ViewerSession, ViewerTarget, ViewerWorld } from "./viewer.ts";
