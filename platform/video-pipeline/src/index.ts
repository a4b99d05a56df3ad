export { encoderBackends, suitableEncoders } from "./encoders.ts";
export { openVideoSource } from "./video-source.ts";
