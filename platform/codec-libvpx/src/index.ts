export { libvpxVp9 } from "./encoder.ts";
