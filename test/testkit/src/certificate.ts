import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";

/**
 * A certificate for localhost and 127.0.0.1, and for `host` (a name or an IPv4 address) too, signed by its own key, PEM;
 * nothing but Node makes it.
 */
export function selfSigned(
  validity: { readonly from: Date; readonly to: Date } = AROUND_NOW,
  host = "localhost",
): {
  readonly cert: string;
  readonly key: string;
} {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(der(0x31, sequence(oid(0x55, 4, 3), der(0x0c, Buffer.from("localhost")))));
  const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
  const names = sequence(
    der(0x82, Buffer.from("localhost")),
    ip("127.0.0.1"),
    isIPv4(host) ? ip(host) : der(0x82, Buffer.from(host)),
  );
  const content = sequence(
    der(0xa0, der(2, Buffer.from([2]))),
    der(2, Buffer.from([1, ...randomBytes(8)])),
    ecdsaWithSha256,
    name,
    sequence(time(validity.from), time(validity.to)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(oid(0x55, 0x1d, 17), der(4, names)))),
  );
  const signature = der(3, Buffer.concat([Buffer.from([0]), sign("sha256", content, privateKey)]));
  const lines = sequence(content, ecdsaWithSha256, signature)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

const DAY = 24 * 60 * 60 * 1000;
const AROUND_NOW = { from: new Date(Date.now() - DAY), to: new Date(Date.now() + 30 * DAY) };

function ip(address: string): Buffer {
  return der(0x87, Buffer.from(address.split(".").map(Number)));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function oid(...bytes: readonly number[]): Buffer {
  return der(6, Buffer.from(bytes));
}

function time(at: Date): Buffer {
  return der(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\..*/g, "")}Z`));
}
