export type { Compression } from "./crypto/compression.ts";
export type { Crypto, KeyPair, Random } from "./crypto/crypto.ts";
export { fingerprint, openIdentity, publicKeyOf, type SignedIdentity, signIdentity } from "./crypto/identity.ts";
export { constantTimeEqual, digitsOf, passwordHash, passwordProof, symbolsOf } from "./crypto/password.ts";
export { Opening, Sealing } from "./crypto/sealing.ts";
export { ProtocolError, type ProtocolErrorCode } from "./errors.ts";
export { Extension } from "./extensions.ts";
export { HostGreeting } from "./handshake/direct-host.ts";
export { type DirectIdentity, signDirectIdentity } from "./handshake/direct-identity.ts";
export { ViewerGreeting, type ViewerGreetingOutcome } from "./handshake/direct-viewer.ts";
export { type HandshakeEffect, HostHandshake, type HostHandshakeInput } from "./handshake/host.ts";
export { HANDSHAKE_TIMEOUT, type HandshakeOutcome } from "./handshake/outcome.ts";
export { ViewerHandshake, type ViewerHandshakeInput } from "./handshake/viewer.ts";
export { WebRtcHostHandshake } from "./handshake/webrtc-host.ts";
export type { WebRtcHandshakeEffect, WebRtcHandshakeOutcome } from "./handshake/webrtc-outcome.ts";
export { WebRtcViewerHandshake } from "./handshake/webrtc-viewer.ts";
export { followsCapsLock, isKeypad, isModifier, type KeyPlatform, KeyTable, keyPlatform } from "./input/key-table.ts";
export { BUTTON_BITS, buttonOf, type MouseButton, MouseType, mouseMask } from "./input/mouse-mask.ts";
export { Punching, type PunchingEffect, type PunchingInput, type PunchingOutcome } from "./kcp/punching.ts";
export { KCP_CONVERSATIONS, KcpSession } from "./kcp/session.ts";
export type { KcpEffect, KcpInput, KcpOutcome, KcpRole } from "./kcp/session-events.ts";
export { refusal } from "./login/answers.ts";
export { Attempts, type AttemptsSnapshot, type Blocked } from "./login/attempts.ts";
export { attemptsSnapshotIn } from "./login/attempts-snapshot.ts";
export { HostLogin, type LoginStep } from "./login/host.ts";
export { idFits } from "./login/id-pattern.ts";
export { notOffered } from "./login/kinds.ts";
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
  DISCOVERY_PORT,
  DISCOVERY_QUESTION,
  type Discovered,
  discoveredIn,
  discoveryAnswer,
} from "./rendezvous/discovery.ts";
export {
  type HostWays,
  Introduction,
  type IntroductionEffect,
  type IntroductionInput,
  type IntroductionOptions,
  type IntroductionOutcome,
  type ViewerWays,
} from "./rendezvous/introduction.ts";
export {
  type HostAbilities,
  type HostFacts,
  type Meeting,
  meet,
  type Plan,
  planOf,
} from "./rendezvous/invitation.ts";
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
  type IdServerAddress,
  isLoopback,
  parseIdServer,
  parseServerAddress,
  RELAY_PORT,
  type ServerAddress,
} from "./rendezvous/server-address.ts";
export { MAX_DATAGRAM } from "./rendezvous/server-datagram.ts";
export { type UdpPortEffect, type UdpPortInput, UdpPortProbe } from "./rendezvous/udp-port-probe.ts";
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
export { TRANSACTION_BYTES } from "./stun/binding.ts";
export {
  type NatFiltering,
  type NatFindings,
  type NatMapping,
  NatProbe,
  type NatProbeEffect,
  type NatProbeInput,
  type NatSocket,
} from "./stun/nat-probe.ts";
export { answerStun, isStunRequest } from "./stun/server.ts";
export { formatTarget, formatTargetLink } from "./target/format.ts";
export { spacedId } from "./target/id.ts";
export { parseTarget } from "./target/parse.ts";
export { DIRECT_PORT, type ParsedTarget, type Target, type TargetProblem } from "./target/target.ts";
export { baseBitrate, targetBitrate } from "./video/bitrate.ts";
export { CODECS, type Codec } from "./video/codec.ts";
export { chooseCodec, decodableCodecs, encodingFromWire, preferenceToWire } from "./video/codec-choice.ts";
export { Pacing } from "./video/pacing.ts";
export { Quality } from "./video/quality.ts";
export { type Candidate, type CandidatePlace, encodeCandidate, placeOf } from "./webrtc/candidate.ts";
export { checkedEnd, type DatagramEnd, endIn, hostDescription, viewerDescription } from "./webrtc/datagram-end.ts";
export { type Description, decodeEndpoint, encodeEndpoint } from "./webrtc/endpoint.ts";
export { FragmentReader, fragmentsOf, MAX_FRAGMENT_PAYLOAD } from "./webrtc/fragments.ts";
export { HostSignalling, type HostSignallingEffect, type HostSignallingInput } from "./webrtc/host.ts";
export { type IceServer, iceServersIn } from "./webrtc/ice-servers.ts";
export {
  type HostSituation,
  hostPolicy,
  type IcePolicy,
  type ViewerPlan,
  type ViewerSituation,
  viewerPlan,
} from "./webrtc/policy.ts";
export { type Chosen, routeOf } from "./webrtc/route.ts";
export { RTP_HEADER, RtpSender } from "./webrtc/rtp.ts";
export { certificateIn, sameCertificate, withCandidates } from "./webrtc/sdp.ts";
export { CandidateFilter, OPEN_WITHIN } from "./webrtc/signalling.ts";
export {
  ViewerSignalling,
  type ViewerSignallingEffect,
  type ViewerSignallingInput,
  type ViewerSignallingOutcome,
} from "./webrtc/viewer.ts";
