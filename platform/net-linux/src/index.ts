export {
  canReadDatagrams,
  type DatagramThread,
  type DatagramThreadOptions,
  openDatagrams,
} from "./datagrams/open-datagrams.ts";
export { isAvailable } from "./libc.ts";
