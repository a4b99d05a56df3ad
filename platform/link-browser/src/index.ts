export { browserClock } from "./clock.ts";
export { offerWebRtc, type WebRtcOptions } from "./webrtc.ts";
export { dialWebSocket, websocketLink } from "./websocket.ts";
