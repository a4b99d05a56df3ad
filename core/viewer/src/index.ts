export { fingerprint } from "@pulpit/protocol";
export { BRIDGE_PATHS, BridgeClose, type BridgeGreeting, bridgeGreetingIn } from "./bridge/greeting.ts";
export { type BridgeNews, bridgeNewsIn, bridgeReached } from "./bridge/news.ts";
export { type BridgeWish, bridgeWishIn } from "./bridge/wish.ts";
export { parseCode } from "./code.ts";
export { type Connected, type ConnectSteps, connect } from "./connect.ts";
export type { ConnectWorld } from "./connect-world.ts";
export { Ended, endOf } from "./end.ts";
export type { LeftOut, WayNews } from "./paths/way-news.ts";
export { checkPin, NO_SERVER, type PinPlace } from "./pin.ts";
export type { CursorSink } from "./ports/cursor-sink.ts";
export type { DeviceSecrets } from "./ports/device-secrets.ts";
export type { KnownHosts } from "./ports/known-hosts.ts";
export type { EncodedUnit, VideoSink, VideoSinkEvents } from "./ports/video-sink.ts";
export type { TcpWay, UdpWay, Ways } from "./ports/ways.ts";
export { type Reach, type Reached, type ReachSteps, reachById } from "./reach.ts";
export { type AddressTarget, reachByAddress } from "./reach-address.ts";
export type {
  ConnectionFacts,
  End,
  EndCode,
  Permission,
  Phase,
  RemoteDisplay,
  RemotePeer,
  ViewerState,
  WayFailure,
  WayName,
  WayOutcome,
  WayReport,
  Why,
} from "./state.ts";
export { type ViewOptions, view } from "./view.ts";
export type { KeyInput, PointerButton, ViewerIdentity, ViewerSession, ViewerTarget, ViewerWorld } from "./viewer.ts";
