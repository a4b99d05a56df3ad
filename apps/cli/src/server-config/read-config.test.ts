import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse } from "../usage.ts";
import { serverFlags } from "./flags.ts";
import { type EffectiveConfig, readServerConfig } from "./read-config.ts";

/** Reads what a person set in all the places there are. */
function read(
  t: TestContext,
  set: { flags?: string[]; file?: string; dotenv?: string; environment?: Record<string, string> },
): EffectiveConfig & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-config-"));
  t.after(() => rmSync(folder, { recursive: true }));
  if (set.dotenv !== undefined) writeFileSync(join(folder, ".env"), set.dotenv);
  const flags = [...(set.flags ?? [])];
  if (set.file !== undefined) {
    writeFileSync(join(folder, "pulpit.conf"), set.file);
    flags.push("--config", "pulpit.conf");
  }
  const { values } = parse(flags, serverFlags());
  return {
    ...readServerConfig({ flags: values, environment: set.environment ?? {}, folder, dotenv: join(folder, ".env") }),
    folder,
  };
}

test("flags come before the file, the file before .env, .env before the environment, and each value says where it stands", (t) => {
  const environment = { PULPIT_PORT: "1004", KEY: "", BIND: "127.0.0.4", PULPIT_WEB_PORT: "2004", PATH: "/bin" };
  const { config, origins, folder } = read(t, {
    flags: ["-p", "1001"],
    file: "# ours\n\nPORT = 1002\nkey = _\n",
    dotenv: "PORT=1003\nKEY=x\nBIND='127.0.0.3'\n",
    environment,
  });
  assert.deepEqual([config.port, config.key, config.host, config.webPort], [1001, "_", "127.0.0.3", 2004]);
  assert.equal(origins.port, "--port");
  assert.equal(origins.key, `${folder}/pulpit.conf:4`);
  assert.equal(origins.host, `BIND in ${folder}/.env`);
  assert.equal(origins.webPort, "variable PULPIT_WEB_PORT");
  assert.equal(origins.enrolment, "default");
});

test("a stock server's variables, file names and short flags are understood", (t) => {
  const { config, warnings } = read(t, {
    flags: ["-r", "a.example.com,b.example.com:4000", "-M", "65536", "-s", "7", "-R", "c.example.com"],
    file: "Always-Use_Relay=Y\nsoftware_url = https://example.com/get\nsoftware-version = 1.1\nmask=10.0.0.0/8\n",
    environment: { TOTAL_BANDWIDTH: "100", LIMIT_SPEED: "2.5", DB_URL: "./db_v2.sqlite3", DOWNGRADE_THRESHOLD: "0.5" },
  });
  assert.deepEqual(config.relayServers, ["a.example.com", "b.example.com:4000"]);
  assert.deepEqual([config.receiveBuffer, config.updateSerial, config.updateServers], [65_536, 7, ["c.example.com"]]);
  assert.equal(config.alwaysUseRelay, true);
  assert.equal(config.softwareUrl, "https://example.com/get");
  assert.deepEqual([config.totalBandwidth, config.limitSpeed, config.downgradeThreshold], [100, 2.5, 0.5]);
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] as string, /pulpit\.conf:4: 'mask' does nothing here/);
  assert.match(warnings[1] as string, /variable DB_URL does nothing here: .*pulpit server import/);
});

test("a bad value is one line that names its place and what is wanted", (t) => {
  const cases: readonly [Parameters<typeof read>[1], RegExp][] = [
    [
      { file: "\nport = many\n" },
      /pulpit\.conf:2 wants a port number from 3 to 65532, or 0 for free ones, not 'many'$/,
    ],
    [{ file: "colour = red\n" }, /pulpit\.conf:1: there is no setting 'colour'/],
    [{ file: "port = 4000\nPORT = 5000\n" }, /pulpit\.conf:2: 'PORT' is set at .*pulpit\.conf:1 already/],
    [{ file: "[server]\n" }, /pulpit\.conf:1 wants 'key = value', not '\[server\]'/],
    [{ environment: { BIND: "everywhere" } }, /^variable BIND wants an IP address of this machine, not 'everywhere'$/],
    [{ dotenv: "PULPIT_ENROLMENT=maybe" }, /^PULPIT_ENROLMENT in .*\.env wants open or closed, not 'maybe'$/],
    [{ flags: ["--trusted-proxies", "10.0.0.0/8,10.0.0.0/64"] }, /^--trusted-proxies wants an IP address or a network/],
    [{ flags: ["--tls-cert", "a.pem"] }, /^tls-cert \(--tls-cert\) needs tls-key too$/],
    [
      { flags: ["--web-port", "21118"] },
      /^Port 21118 is wanted twice: by port \(default\) and by web-port \(--web-port\)$/,
    ],
    [{ flags: ["--port", "2"] }, /^--port wants a port number/],
    [{ flags: ["--metrics", "example.com:80"] }, /^--metrics wants off, a port, or an ADDRESS:PORT/],
    [{ flags: ["--single-bandwidth", "-1"] }, /^Option '--single-bandwidth' argument is ambiguous$/],
    [{ flags: ["--single-bandwidth=-1"] }, /^--single-bandwidth wants a number from 0.1/],
  ];
  for (const [set, wanted] of cases) {
    assert.throws(
      () => read(t, set),
      (error: Error) => error.name === "UsageError" && wanted.test(error.message) && !error.message.includes("\n"),
      JSON.stringify(set),
    );
  }
});

test("a secret never stands in an error", (t) => {
  assert.throws(
    () => read(t, { flags: ["--metrics-token", "hush\u0007hush"] }),
    (error: Error) => /--metrics-token wants/.test(error.message) && !error.message.includes("hush"),
  );
});

test("switches have a form for no; relative paths start where they are written; an empty value takes a default back", (t) => {
  const { config, folder } = read(t, {
    flags: ["--no-always-use-relay", "--require-key", "--enrolment", "", "--metrics", "9100"],
    file: "always-use-relay = yes\nenrolment = closed\ntls-cert = certs/a.pem\ntls-key = /etc/a.key\n",
  });
  assert.deepEqual([config.alwaysUseRelay, config.requireKey, config.enrolment], [false, true, "open"]);
  assert.deepEqual([config.tlsCert, config.tlsKey], [join(folder, "certs/a.pem"), "/etc/a.key"]);
  assert.deepEqual(config.metrics, { host: "127.0.0.1", port: 9100 });
  assert.equal(read(t, { flags: ["--metrics", "off"] }).config.metrics, undefined);
});
