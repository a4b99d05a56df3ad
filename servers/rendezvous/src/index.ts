export type { RendezvousConfig } from "./config.ts";
export { loadServerKey, type ServerKey } from "./key-files.ts";
export { type RendezvousServer, startRendezvous } from "./server.ts";
