export { nodeHostWays } from "./host-ways.ts";
export { natTowards } from "./nat.ts";
export { ownAddresses, udpPortAt } from "./own-network.ts";
export { shared as sharedPorts } from "./shared-port.ts";
export { nodeViewerWays } from "./viewer-ways.ts";
