export { nodeHostWays } from "./host-ways.ts";
export { nodeViewerWays } from "./viewer-ways.ts";
