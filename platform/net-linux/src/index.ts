export {
  canReadDatagrams,
  type DatagramThread,
  type DatagramThreadOptions,
  openDatagrams,
} from "./datagrams/open-datagrams.ts";
export { keepMemoryTidy } from "./free-memory.ts";
export { isAvailable } from "./libc.ts";
export { knowsLoopbackOwners, ownerOfLoopback } from "./loopback-peer.ts";
export { bindSharedPort, type SharedPortSocket } from "./reuse-port.ts";
export { closeDescriptor, duplicateOf } from "./splice/duplicate.ts";
export {
  canSplice,
  openSplicer,
  type SpliceOrder,
  type Splicer,
  type SplicerHandlers,
  type SplicerOptions,
} from "./splice/open-splicer.ts";
