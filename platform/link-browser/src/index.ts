export { browserClock } from "./clock.ts";
export { dialWebSocket } from "./websocket.ts";
