export { Host } from "./host.ts";
export { OneTimePassword, type PasswordLength } from "./one-time-password.ts";
export type { HostEvent, HostOptions, HostWorld, ViewerFacts } from "./options.ts";
export type { CursorListener, CursorShape, CursorWatch } from "./ports/cursor.ts";
export type { Backend, Desktop, Display, Rect } from "./ports/desktop.ts";
export type { EncodedPicture, Encoder, EncoderBackend, EncoderOptions, I420 } from "./ports/encoder.ts";
export type { Input, Locks, PointerButton } from "./ports/input.ts";
export type { Grab, Screen } from "./ports/screen.ts";
export type { VideoOptions, VideoSource, VideoStream } from "./ports/video-source.ts";
