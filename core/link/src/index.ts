export { drive, type Finish, type Timeout } from "./drive.ts";
export { LinkError, type LinkErrorCode } from "./errors.ts";
export { framed } from "./framed.ts";
export type { ByteStream, Clock, DatagramSocket, Dial, Link, Path } from "./link.ts";
export { memoryLinks } from "./memory.ts";
export { LANES, type Lane, Outbox } from "./outbox.ts";
export { pipe } from "./pipe.ts";
export { sealed } from "./sealed.ts";
export { Inbox, LinkSource, merged, type Source } from "./source.ts";
