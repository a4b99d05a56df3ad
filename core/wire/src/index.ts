// What others may use. Message types come from the schema as they are; encoding and decoding go through
// the functions here, so that nothing but WireError leaves a decoder.
export { WireError, type WireErrorCode } from "./errors.ts";
export { encodeFrame, FrameReader, frameHeader, MAX_FRAME_PAYLOAD } from "./framing.ts";
export type * from "./gen/message_pb.js";
export {
  BackNotification_BlockInputState,
  BackNotification_PrivacyModeState,
  Chroma,
  ClipboardFormat,
  ControlKey,
  FileTransferSendRequest_FileType,
  FileType,
  ImageQuality,
  KeyboardMode,
  OptionMessage_BoolOption,
  PermissionInfo_Permission,
  SupportedDecoding_PreferCodec,
} from "./gen/message_pb.js";
export type * from "./gen/rendezvous_pb.js";
export {
  ConnType,
  ControlPermissions_Permission,
  NatType,
  PunchHoleResponse_Failure,
  RegisterPkResponse_Result,
} from "./gen/rendezvous_pb.js";
export { ipv4Number, ipv4Text } from "./ipv4.ts";
export {
  type DisplayInfoInit,
  decodeDatagramPath,
  decodeIdPk,
  decodeMessage,
  encodeDatagramPath,
  encodeIdPk,
  encodeMessage,
  type OptionMessageInit,
  type PeerInfoInit,
  type PeerMessage,
  type PeerMessageInit,
} from "./message.ts";
export {
  decodeRelayTicket,
  decodeServerMessage,
  encodeRelayTicket,
  encodeServerMessage,
  type ServerMessage,
  type ServerMessageInit,
} from "./rendezvous.ts";
export { decodeSocketAddress, encodeSocketAddress, type SocketAddress } from "./socket-address.ts";
