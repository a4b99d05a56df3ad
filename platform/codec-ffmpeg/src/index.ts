export { FfmpegDecoder, type RgbaPicture } from "./decoder.ts";
export { ffmpegEncoders } from "./encoder.ts";
export { ffmpegVideoSink } from "./video-sink.ts";
export { quietCodecs } from "./quiet.ts";
