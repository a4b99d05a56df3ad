import type { Binding, Path } from "@pulpit/link";
import { type CandidatePlace, type Chosen, certificateIn, routeOf } from "@pulpit/protocol";

/** What browsers report that is used here; not all of them report all of it. */
interface Report {
  readonly type: string;
  readonly selectedCandidatePairId?: string;
  readonly remoteCertificateId?: string;
  readonly fingerprint?: string;
  readonly fingerprintAlgorithm?: string;
  readonly state?: string;
  readonly nominated?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly address?: string;
  readonly port?: number;
  readonly candidateType?: string;
}

/** A look at a connection that is open. */
export interface Facts {
  readonly path: Path;
  /** Undefined when either certificate is no SHA-256 one, or the description leaves a choice. */
  readonly binding: Binding | undefined;
}

/** `local`: the own SDP as it went out. `relays`: the other end's addresses at relays. */
export async function factsOf(
  connection: RTCPeerConnection,
  local: string,
  relays: readonly CandidatePlace[],
): Promise<Facts> {
  const reports: ReadonlyMap<string, Report> = new Map([...(await connection.getStats())]);
  const transport = [...reports.values()].find(({ type }) => type === "transport");
  const own = certificateIn(local);
  const theirs = certificateOf(reports.get(transport?.remoteCertificateId ?? ""), connection);
  const pair =
    reports.get(transport?.selectedCandidatePairId ?? "") ??
    [...reports.values()].find(
      ({ type, nominated, state }) => type === "candidate-pair" && nominated === true && state === "succeeded",
    );
  const [localEnd, remoteEnd] = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) =>
    chosen(reports.get(id ?? "")),
  );
  const ends = localEnd === undefined || remoteEnd === undefined ? undefined : { local: localEnd, remote: remoteEnd };
  const host = remoteEnd?.address.includes(":") ? `[${remoteEnd.address}]` : remoteEnd?.address;
  const remote = host === undefined || host === "" ? "" : `${host}:${remoteEnd?.port}`;
  return {
    path: { transport: "webrtc", route: routeOf(ends, relays), remote },
    binding: own === "" || theirs === "" ? undefined : { local: own, remote: theirs },
  };
}

/**
 * The certificate that the other end really showed, where the browser reports it; elsewhere the only one that the
 * description allows, in the browser's own words: it checked the certificate against that.
 */
function certificateOf(report: Report | undefined, connection: RTCPeerConnection): string {
  if (report?.fingerprint === undefined) return certificateIn(connection.currentRemoteDescription?.sdp ?? "");
  return report.fingerprintAlgorithm?.toLowerCase() === "sha-256" ? `sha-256 ${report.fingerprint.toUpperCase()}` : "";
}

function chosen(report: Report | undefined): Chosen | undefined {
  if (report === undefined) return undefined;
  return { address: report.address ?? "", port: report.port ?? 0, kind: report.candidateType };
}
