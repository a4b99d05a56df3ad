import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { selfSigned } from "@pulpit/testkit/src/certificate.ts";
import { testGateway } from "../test/gateway.ts";
import type { GatewayConfig } from "./config.ts";
import { GatewayError } from "./errors.ts";

async function refused(settings: Partial<GatewayConfig>, code: string, message: RegExp): Promise<void> {
  await assert.rejects(
    testGateway(settings).then((running) => running[Symbol.asyncDispose]()),
    (error) => {
      assert.ok(error instanceof GatewayError, String(error));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(!error.message.includes("\n"), "one line");
      return true;
    },
  );
}

test("plain HTTP is not opened to others unless somebody asked for it", async () => {
  for (const host of ["0.0.0.0", "::"]) await refused({ host }, "plain-http", /certificate.*proxy.*anywhere/);
  for (const settings of [{ plainHttp: "anywhere" }, { trustedProxies: ["10.0.0.1"] }] as const) {
    await using running = await testGateway({ host: "0.0.0.0", ...settings });
    assert.ok(running.port > 0);
  }
  await using named = await testGateway({ host: "localhost" });
  assert.ok(named.port > 0);
});

test("settings that can't be are told in one line", async () => {
  await refused({ trustedProxies: ["10.0.0.0/33"] }, "bad-setting", /Trusted proxies: "10\.0\.0\.0\/33" is neither/);
  await refused({ extraOrigins: ["desk.example.com"] }, "bad-setting", /"desk\.example\.com" is not an origin/);
  await refused({ extraOrigins: ["https://a.example/page"] }, "bad-setting", /is not an origin/);
  await refused({ redirectPort: 0 }, "bad-setting", /certificate/);
  await refused({ acmeFolder: "/tmp" }, "bad-setting", /redirect port/);
});

test("a certificate or key that is no good is told by its file and what is wrong", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-settings-"));
  try {
    const tls = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
    const pair = selfSigned();
    const other = selfSigned();
    const locked = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "a password",
    });
    const put = (cert: string, key: string): void => {
      writeFileSync(tls.certFile, cert);
      writeFileSync(tls.keyFile, key);
    };
    await refused({ tls }, "tls-files", /the certificate .*cert\.pem is missing/);
    writeFileSync(tls.certFile, pair.cert);
    await refused({ tls }, "tls-files", /the key .*key\.pem is missing/);
    put("", pair.key);
    await refused({ tls }, "tls-files", /cert\.pem holds no certificate/);
    put(pair.cert, "rubbish");
    await refused({ tls }, "tls-files", /key\.pem holds no private key/);
    put(pair.cert, String(locked));
    await refused({ tls }, "tls-files", /key\.pem has a password/);
    put(pair.cert, other.key);
    await refused({ tls }, "tls-files", /key\.pem is not that of .*cert\.pem/);
    put(`${pair.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`, pair.key);
    await refused({ tls }, "tls-files", /cert\.pem is not accepted/);
    rmSync(tls.certFile);
    mkdirSync(tls.certFile);
    await refused({ tls }, "tls-files", /cert\.pem can't be read \(EISDIR\)/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
