import assert from "node:assert/strict";
import { test } from "node:test";
import { type MetricSources, metricsText } from "./metrics.ts";
import { processFigures } from "./process-figures.ts";
import { prometheusText } from "./prometheus.ts";

const sources: MetricSources = {
  rendezvous: () => ({
    devicesKnown: 12,
    devicesOnline: 7,
    wishes: 1,
    connections: 3,
    waitingViewers: 2,
    refusedConnections: 4,
    failedWrites: 0,
    datagrams: { received: 100, answered: 60, dropped: { garbage: 10, source: 5, crowd: 0, queue: 1, unsent: 2 } },
  }),
  relay: () => ({
    connections: 9,
    pairs: 4,
    throttledPairs: 1,
    waiting: 1,
    pairsEver: 1_000,
    bytes: 123_456_789_012,
    refused: { key: 3, full: 0 },
  }),
  gateway: () => ({
    connections: 5,
    websockets: { id: 1, relay: 2 },
    answered: { "2xx": 10, "3xx": 0, "4xx": 1, "5xx": 0 },
    refused: {
      full: 0,
      "address-full": 8,
      malformed: 0,
      "foreign-origin": 0,
      "unknown-path": 0,
      insecure: 0,
      busy: 0,
      draining: 0,
    },
    tlsExpires: 1_800_000_000,
  }),
  process: processFigures,
};

test("every line is what a Prometheus server reads, and every name is described once", () => {
  const text = metricsText(sources);
  const names = new Set<string>();
  let current = "";
  assert.ok(text.endsWith("\n"));
  for (const line of text.trimEnd().split("\n")) {
    const [, kind, name = ""] = /^# (HELP|TYPE) ([a-z_]+) .+$/.exec(line) ?? [];
    if (kind === "HELP") {
      assert.ok(!names.has(name), `${name} twice`);
      names.add(name);
      current = name;
    } else if (kind === "TYPE") {
      assert.match(line, / (counter|gauge)$/);
      assert.equal(line.endsWith(" counter"), name.endsWith("_total"), name);
    } else {
      assert.match(line, /^[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?$/);
      assert.ok(line.startsWith(current), line);
    }
  }
});

test("figures are told under their names", () => {
  const lines = metricsText(sources).split("\n");
  for (const line of [
    "pulpit_devices_online 7",
    'pulpit_datagrams_total{outcome="answered"} 60',
    'pulpit_datagrams_total{outcome="server"} 24',
    'pulpit_datagrams_total{outcome="garbage"} 10',
    "pulpit_relay_pairs 4",
    "pulpit_relay_bytes_total 123456789012",
    'pulpit_refused_total{part="rendezvous",why="full"} 4',
    'pulpit_refused_total{part="relay",why="key"} 3',
    'pulpit_refused_total{part="gateway",why="address-full"} 8',
    'pulpit_gateway_websockets{service="relay"} 2',
    'pulpit_http_answers_total{status="2xx"} 10',
    "pulpit_tls_expires_timestamp_seconds 1800000000",
  ])
    assert.ok(lines.includes(line), line);
  const plain = metricsText({ ...sources, gateway: () => ({ ...sources.gateway(), tlsExpires: undefined }) });
  assert.doesNotMatch(plain, /pulpit_tls/);
});

test("text in a label can't end it", () => {
  const text = prometheusText([
    { name: "a", type: "gauge", help: "b\nc", samples: [{ labels: { d: 'e"\n\\' }, value: Number.POSITIVE_INFINITY }] },
  ]);
  assert.equal(text, '# HELP a b\\nc\n# TYPE a gauge\na{d="e\\"\\n\\\\"} +Inf\n');
});
