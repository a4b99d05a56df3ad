export { FfmpegDecoder, type RgbaPicture } from "./decoder.ts";
export { ffmpegEncoders } from "./encoder.ts";
export { quietCodecs } from "./quiet.ts";
export { ffmpegVideoSink } from "./video-sink.ts";
