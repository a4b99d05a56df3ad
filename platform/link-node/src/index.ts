export { nodeClock } from "./clock.ts";
export { dial } from "./dial.ts";
export { linkError } from "./from-errno.ts";
export { listenWebSocket } from "./listen-websocket.ts";
export { type Log, type LogFields, silentLog } from "./log.ts";
export { plainAddress } from "./plain-address.ts";
export { dialTcp, listenTcp, socketStream } from "./tcp.ts";
export { openUdp } from "./udp.ts";
export { dialWebSocket, MAX_WEBSOCKET_MESSAGE, websocketLink } from "./websocket.ts";
