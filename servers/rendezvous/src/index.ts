export { DEFAULTS as RENDEZVOUS_DEFAULTS, type RendezvousConfig } from "./config.ts";
export { loadServerKey, type ServerKey } from "./key-files.ts";
export { type RendezvousServer, type RendezvousStats, startRendezvous } from "./server.ts";
