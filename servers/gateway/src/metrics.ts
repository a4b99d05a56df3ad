import { type Metric, prometheusText, type Sample } from "./prometheus.ts";

/** Counts by a reason out of a fixed set; never by an address, an ID or anything else that a stranger chooses. */
type ByReason = Readonly<Record<string, number>>;

/** Why the gateway turned somebody away. */
export type GatewayRefusal =
  | "full"
  | "address-full"
  | "malformed"
  | "foreign-origin"
  | "unknown-path"
  | "insecure"
  | "busy"
  | "draining";

export interface RendezvousFigures {
  readonly devicesKnown: number;
  readonly devicesOnline: number;
  readonly wishes: number;
  readonly connections: number;
  readonly waitingViewers: number;
  readonly refusedConnections: number;
  readonly failedWrites: number;
  /** Datagrams since the start: `received` in all, `answered` at once. */
  readonly datagrams: { readonly received: number; readonly answered: number; readonly dropped: ByReason };
}

export interface RelayFigures {
  readonly connections: number;
  readonly pairs: number;
  readonly throttledPairs: number;
  readonly waiting: number;
  /** Since the start. */
  readonly pairsEver: number;
  /** Payload in both directions, since the start. */
  readonly bytes: number;
  readonly refused: ByReason;
}

export interface GatewayFigures {
  readonly connections: number;
  readonly websockets: { readonly id: number; readonly relay: number };
  /** Answers since the start by class of status. */
  readonly answered: Readonly<Record<StatusClass, number>>;
  readonly refused: Readonly<Record<GatewayRefusal, number>>;
  /** Unix s; undefined without TLS of its own. */
  readonly tlsExpires: number | undefined;
}

export type StatusClass = "2xx" | "3xx" | "4xx" | "5xx";

export interface ProcessFigures {
  /** Unix s. */
  readonly started: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Time in which the main thread was busy, s. */
  readonly busySeconds: number;
}

export interface MetricSources {
  rendezvous(): RendezvousFigures;
  relay(): RelayFigures;
  gateway(): GatewayFigures;
  process(): ProcessFigures;
}

/** All figures of a server in the text format of Prometheus. */
export function metricsText(sources: MetricSources): string {
  const rendezvous = sources.rendezvous();
  const relay = sources.relay();
  const gateway = sources.gateway();
  return prometheusText([
    ...rendezvousMetrics(rendezvous),
    ...relayMetrics(relay),
    ...gatewayMetrics(gateway),
    counter("pulpit_refused_total", "Connections and requests turned away.", [
      { labels: { part: "rendezvous", why: "full" }, value: rendezvous.refusedConnections },
      ...by("why", relay.refused, { part: "relay" }),
      ...by("why", gateway.refused, { part: "gateway" }),
    ]),
    ...processMetrics(sources.process()),
  ]);
}

function rendezvousMetrics(of: RendezvousFigures): readonly Metric[] {
  const { received, answered, dropped } = of.datagrams;
  const droppedInAll = Object.entries(dropped)
    // What the system did not take was an answer, not a datagram that came.
    .reduce((sum, [why, count]) => (why === "unsent" ? sum : sum + count), 0);
  return [
    gauge("pulpit_devices_known", "Devices in the database.", of.devicesKnown),
    gauge("pulpit_devices_online", "Devices heard of lately.", of.devicesOnline),
    gauge("pulpit_wishes", "Devices waiting for an administrator's word.", of.wishes),
    gauge("pulpit_rendezvous_connections", "Stream connections to the ID server.", of.connections),
    gauge("pulpit_waiting_viewers", "Viewers waiting for a host's answer.", of.waitingViewers),
    counter("pulpit_failed_writes_total", "Changes the database did not take.", of.failedWrites),
    counter("pulpit_datagrams_total", "Datagrams received, by what became of them.", [
      { labels: { outcome: "answered" }, value: answered },
      { labels: { outcome: "server" }, value: received - answered - droppedInAll },
      ...by("outcome", dropped),
    ]),
  ];
}

function relayMetrics(of: RelayFigures): readonly Metric[] {
  return [
    gauge("pulpit_relay_connections", "Connections to the relay.", of.connections),
    gauge("pulpit_relay_pairs", "Pairs being relayed.", of.pairs),
    gauge("pulpit_relay_throttled_pairs", "Pairs that are held to the lower speed.", of.throttledPairs),
    gauge("pulpit_relay_waiting", "Parties waiting for their partner.", of.waiting),
    counter("pulpit_relay_pairs_total", "Pairs relayed since the start.", of.pairsEver),
    counter("pulpit_relay_bytes_total", "Payload relayed in both directions.", of.bytes),
  ];
}

function gatewayMetrics(of: GatewayFigures): readonly Metric[] {
  const expires = of.tlsExpires;
  return [
    gauge("pulpit_gateway_connections", "Connections to the web port, WebSockets included.", of.connections),
    gauge("pulpit_gateway_websockets", "Open WebSockets.", by("service", of.websockets)),
    counter("pulpit_http_answers_total", "HTTP answers by class of status.", by("status", of.answered)),
    ...(expires === undefined
      ? []
      : [gauge("pulpit_tls_expires_timestamp_seconds", "When the certificate expires.", expires)]),
  ];
}

function processMetrics(of: ProcessFigures): readonly Metric[] {
  return [
    gauge("process_start_time_seconds", "When the process started, unix time.", of.started),
    counter("process_cpu_seconds_total", "User and system time, all threads.", of.cpuSeconds),
    gauge("process_resident_memory_bytes", "Resident memory.", of.residentBytes),
    counter("pulpit_main_thread_busy_seconds_total", "Time in which the main thread was busy.", of.busySeconds),
  ];
}

function by(label: string, counts: ByReason, labels: Readonly<Record<string, string>> = {}): readonly Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { ...labels, [label]: name }, value }));
}

function gauge(name: string, help: string, value: number | readonly Sample[]): Metric {
  return { name, type: "gauge", help, samples: typeof value === "number" ? [{ value }] : value };
}

function counter(name: string, help: string, value: number | readonly Sample[]): Metric {
  return { ...gauge(name, help, value), type: "counter" };
}
