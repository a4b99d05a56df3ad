export { AddressList, AddressListError } from "./address-list.ts";
export { Admission, type NoRoom } from "./admission.ts";
export { clientAddress } from "./client-address.ts";
export { nodeClock } from "./clock.ts";
export { dial, proxyDial } from "./dial.ts";
export { beDiscovered, discover, type FoundHost } from "./discovery.ts";
export { linkError } from "./from-errno.ts";
export { boundHttp, HTTP_BOUNDS } from "./http-bounds.ts";
export { dialKcp } from "./kcp.ts";
export { openKcpSocket } from "./kcp-socket.ts";
export { listenDirect } from "./listen-direct.ts";
export { listenUdp, type UdpPort } from "./listen-udp.ts";
export { listenWebSocket } from "./listen-websocket.ts";
export { type Log, type LogFields, silentLog } from "./log.ts";
export { OffenderLog } from "./offender-log.ts";
export { plainAddress } from "./plain-address.ts";
export { dialThroughProxy, openThroughProxy, type ProxyDialOptions } from "./proxy/dial-through-proxy.ts";
export { ProxyAgent } from "./proxy/proxy-agent.ts";
export { ProxyError, type ProxyFailure } from "./proxy/proxy-error.ts";
export {
  type ProxyScheme,
  ProxySetting,
  type ProxySettingProblem,
  parseProxySetting,
} from "./proxy/proxy-setting.ts";
export { type PunchOptions, punchTcp } from "./punch-tcp.ts";
export { type DialFromOptions, dialFrom } from "./punch-tcp-dial.ts";
export type { BindShared } from "./punch-tcp-sockets.ts";
export { keepNurserySmall } from "./small-nursery.ts";
export { dialTcp, listenTcp, socketStream } from "./tcp.ts";
export { openUdp } from "./udp.ts";
export { answerWebRtc, offerWebRtc, type WebRtcOptions } from "./webrtc.ts";
export { dialWebSocket, MAX_WEBSOCKET_MESSAGE, websocketLink } from "./websocket.ts";
export { type NotOpened, refuseUpgrade, WebSocketDoor } from "./websocket-door.ts";
