import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressList, AddressListError } from "./address-list.ts";

test("addresses and networks of both families are found in each of their forms", () => {
  const list = new AddressList(["192.0.2.1", " 10.0.0.0/8 ", "2001:db8::/32", "::1", "fe80::/10"]);
  for (const address of ["192.0.2.1", "::ffff:192.0.2.1", "10.255.0.1", "2001:DB8::5", "::1", "fe80::1%eth0"])
    assert.ok(list.has(address), address);
  for (const address of ["192.0.2.2", "11.0.0.1", "2001:db9::1", "::2", "", "localhost", "10.0.0.0/8"])
    assert.ok(!list.has(address), address);
  assert.equal(list.size, 5);
  assert.ok(!new AddressList([]).has("127.0.0.1"));
});

test("what is neither is an error that names it", () => {
  for (const entry of [
    "",
    "localhost",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "::/129",
    "fe80::1%eth0",
    "10.0.0",
  ]) {
    assert.throws(
      () => new AddressList(["127.0.0.1", entry]),
      (error) => error instanceof AddressListError && error.entry === entry && error.message.includes(`"${entry}"`),
      entry,
    );
  }
});
