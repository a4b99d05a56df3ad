export { browserCompression } from "./compression.ts";
export { browserCrypto, browserRandom } from "./crypto.ts";
