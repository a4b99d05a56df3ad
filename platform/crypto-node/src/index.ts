export { nodeCompression } from "./compression.ts";
export { nodeCrypto, nodeRandom } from "./crypto.ts";
