export { libvpxVp8, libvpxVp9 } from "./encoder.ts";
