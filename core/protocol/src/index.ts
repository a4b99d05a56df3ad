export type { Compression } from "./crypto/compression.ts";
export type { Crypto, KeyPair, Random } from "./crypto/crypto.ts";
export { fingerprint, openIdentity, publicKeyOf, type SignedIdentity, signIdentity } from "./crypto/identity.ts";
export { constantTimeEqual, digitsOf, passwordHash, passwordProof, symbolsOf } from "./crypto/password.ts";
export { Opening, Sealing } from "./crypto/sealing.ts";
export { ProtocolError, type ProtocolErrorCode } from "./errors.ts";
export { Extension } from "./extensions.ts";
export { type HandshakeEffect, HostHandshake, type HostHandshakeInput } from "./handshake/host.ts";
export { HANDSHAKE_TIMEOUT, type HandshakeOutcome } from "./handshake/outcome.ts";
export { ViewerHandshake, type ViewerHandshakeInput } from "./handshake/viewer.ts";
export { followsCapsLock, isKeypad, isModifier, type KeyPlatform, KeyTable, keyPlatform } from "./input/key-table.ts";
export { BUTTON_BITS, buttonOf, type MouseButton, MouseType, mouseMask } from "./input/mouse-mask.ts";
export { refusal } from "./login/answers.ts";
export { Attempts, type AttemptsSnapshot, type Blocked } from "./login/attempts.ts";
export { attemptsSnapshotIn } from "./login/attempts-snapshot.ts";
export { HostLogin, type LoginStep } from "./login/host.ts";
export { idFits } from "./login/id-pattern.ts";
export { isNetwork, NetworkList } from "./login/network.ts";
export type { Approval, LoginBy, LoginHouse, LoginRules, ProofMatch, SecondFactorBy } from "./login/rules.ts";
export { Farewell, LoginError } from "./login/texts.ts";
export type { Machine, Millis } from "./machine.ts";
export { Allowances, type Slot } from "./relay/allowances.ts";
export { askForRelay, freshUuid, joinRelay } from "./relay/joining.ts";
export {
  type Arrival,
  Pairing,
  type PairingLimits,
  type Refusal,
  type RelayPolicy,
  type RelayRequest,
} from "./relay/pairing.ts";
export { checkTicket, issueTicket, type Ticket } from "./relay/ticket.ts";
export { Broker, type Sender } from "./rendezvous/broker.ts";
export type { BrokerEffect } from "./rendezvous/broker-effects.ts";
export type { BrokerOptions } from "./rendezvous/broker-options.ts";
export { sourceOf } from "./rendezvous/budget.ts";
export { DatagramCounters, type DatagramStats } from "./rendezvous/datagram-counters.ts";
export {
  DatagramTriage,
  REGISTER_PEER_RESPONSE,
  type TriageOptions,
} from "./rendezvous/datagram-triage.ts";
export type { DeviceRecord, Directory, Endpoint } from "./rendezvous/device.ts";
export {
  Introduction,
  type IntroductionEffect,
  type IntroductionInput,
  type IntroductionOptions,
  type IntroductionOutcome,
} from "./rendezvous/introduction.ts";
export { type HostFacts, type Meeting, meet } from "./rendezvous/invitation.ts";
export { answerKeys, type ChannelKeys, offerKeys, takeKeys } from "./rendezvous/key-exchange.ts";
export type { EnrolmentPolicy } from "./rendezvous/key-registration.ts";
export type { HashKey } from "./rendezvous/keyed-hash.ts";
export {
  LongRegistration,
  type LongRegistrationEffect,
  type LongRegistrationEnd,
  type LongRegistrationInput,
} from "./rendezvous/long-registration.ts";
export { ADDRESS_BYTES, addressText, packAddress } from "./rendezvous/packed-address.ts";
export { ONLINE_FOR, Presence } from "./rendezvous/presence.ts";
export type { SharedPresence } from "./rendezvous/presence-rows.ts";
export {
  type Invitation,
  Registration,
  type RegistrationEffect,
  type RegistrationInput,
} from "./rendezvous/registration.ts";
export type { RelayList } from "./rendezvous/relay-list.ts";
export {
  formatServerAddress,
  ID_SERVER_PORT,
  parseServerAddress,
  RELAY_PORT,
  type ServerAddress,
} from "./rendezvous/server-address.ts";
export { MAX_DATAGRAM } from "./rendezvous/server-datagram.ts";
export { judge, judgeFromHost, permissionFor, rules, type Scope, type Standing, type Verdict } from "./session/gate.ts";
export {
  HostSession,
  type HostSessionEffect,
  type HostSessionEnd,
  type HostSessionInput,
} from "./session/host.ts";
export { HostLiveness, type LivenessEvent } from "./session/liveness.ts";
export { type MessageKey, messageKey } from "./session/message-key.ts";
export { maySet, type OptionField, optionRules, switched } from "./session/options.ts";
export {
  ANNOUNCEABLE,
  deniedByServer,
  PERMISSIONS,
  type Permission,
  permissionFromWire,
  permissionToWire,
} from "./session/permissions.ts";
export {
  type BuildLogin,
  type ViewerSessionEffect,
  type ViewerSessionEnd,
  type ViewerSessionInput,
  ViewerSessionMachine,
} from "./session/viewer.ts";
export { baseBitrate, targetBitrate } from "./video/bitrate.ts";
export { CODECS, type Codec } from "./video/codec.ts";
export { chooseCodec, decodableCodecs, encodingFromWire, preferenceToWire } from "./video/codec-choice.ts";
export { Pacing } from "./video/pacing.ts";
export { Quality } from "./video/quality.ts";
