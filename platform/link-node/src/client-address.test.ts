import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { after, before, test } from "node:test";
import { AddressList } from "./address-list.ts";
import { clientAddress } from "./client-address.ts";

const NEAR = ["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"];
let trusted = new AddressList([]);
const server = createServer((request, response) => {
  response.end(clientAddress(request, trusted));
});

before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
after(() => server.close());

/** Whom a request with these header lines is from, when those are trusted. */
function from(lines: readonly string[], proxies: readonly string[] = NEAR): Promise<string> {
  trusted = new AddressList(proxies);
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`${["GET / HTTP/1.1", "Host: a", "Connection: close", ...lines].join("\r\n")}\r\n\r\n`),
    );
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer.slice(answer.indexOf("\r\n\r\n") + 4)));
  });
}

test("nobody's word counts unless that proxy is trusted", async () => {
  const lines = ["X-Forwarded-For: 203.0.113.9", "X-Real-IP: 203.0.113.9"];
  assert.equal(await from(lines, []), "127.0.0.1");
  assert.equal(await from(lines, ["10.0.0.0/8"]), "127.0.0.1");
  assert.equal(await from([]), "127.0.0.1");
});

test("X-Forwarded-For is read from the right, past trusted proxies to the first stranger", async () => {
  assert.equal(await from(["X-Forwarded-For: 203.0.113.9"]), "203.0.113.9");
  assert.equal(await from(["X-Forwarded-For: 198.51.100.1, 203.0.113.9, 10.1.1.1,2001:db8:1::1"]), "203.0.113.9");
  assert.equal(await from(["X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.9"]), "203.0.113.9");
  assert.equal(await from(["X-Forwarded-For: 10.0.0.1, 10.0.0.2"]), "10.0.0.1");
});

test("all forms of an address are one", async () => {
  for (const [said, address] of [
    ["::FFFF:203.0.113.9", "203.0.113.9"],
    ["::ffff:cb00:7109", "203.0.113.9"],
    ["203.0.113.9:4711", "203.0.113.9"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
  ] as const)
    assert.equal(await from([`X-Forwarded-For: ${said}`]), address, said);
});

test("what is no address ends the chain where it stands", async () => {
  for (const said of [
    "unknown",
    "",
    "203.0.113.9 x",
    "fe80::1%eth0",
    "1.2.3",
    "[::1",
    "203.0.113.9:",
    "a".repeat(9_000),
  ])
    assert.equal(await from([`X-Forwarded-For: 198.51.100.1, ${said}, 10.1.1.1`]), "10.1.1.1", said);
});

test("X-Real-IP counts where there is no X-Forwarded-For", async () => {
  assert.equal(await from(["X-Real-IP: 203.0.113.9"]), "203.0.113.9");
  assert.equal(await from(["X-Real-IP: 203.0.113.9", "X-Forwarded-For: 198.51.100.1"]), "198.51.100.1");
  assert.equal(await from(["X-Real-IP: rubbish"]), "127.0.0.1");
  assert.equal(await from(["X-Real-IP: 203.0.113.9", "X-Real-IP: 203.0.113.10"]), "127.0.0.1");
});
