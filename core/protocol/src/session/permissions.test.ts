import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ANNOUNCEABLE, deniedByServer, PERMISSIONS, permissionFromWire, permissionToWire } from "./permissions.ts";

/** Places of the pairs of bits, from docs/protocol/session.md, section 12.1. */
const PLACES = {
  ...{ keyboard: 0, clipboard: 2, file: 3, audio: 4, camera: 5, terminal: 6, tunnel: 7, restart: 8, recording: 9 },
  ...{ "block-input": 10, "privacy-mode": 12 },
};
const ALL_PAIRS = (value: bigint): bigint =>
  Array.from({ length: 32 }, (_, i) => value << BigInt(2 * i)).reduce((a, b) => a | b);

test("each pair of bits forbids its own permission with 1, and says nothing with 0, 2 and 3", () => {
  assert.deepEqual(Object.keys(PLACES).toSorted(), [...PERMISSIONS].toSorted());
  for (const permission of PERMISSIONS) {
    for (const value of [0n, 1n, 2n, 3n]) {
      const denied = deniedByServer(value << BigInt(2 * PLACES[permission]));
      assert.deepEqual([...denied], value === 1n ? [permission] : [], `${permission} ${value}`);
    }
  }
});

test("everything forbidden is everything; everything allowed, and bits of later versions, forbid nothing", () => {
  assert.deepEqual(deniedByServer(ALL_PAIRS(1n)), new Set(PERMISSIONS));
  assert.deepEqual(deniedByServer(ALL_PAIRS(2n)), new Set());
  assert.deepEqual(deniedByServer(ALL_PAIRS(3n)), new Set());
  for (const place of [1n, 11n, 13n, 31n]) assert.deepEqual(deniedByServer(1n << (2n * place)), new Set());
});

test("whatever the bits, only permissions come out, each as its own pair says", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (bits) => {
      const denied = deniedByServer(bits);
      for (const permission of PERMISSIONS) {
        assert.equal(denied.has(permission), ((bits >> BigInt(2 * PLACES[permission])) & 3n) === 1n);
      }
    }),
  );
});

test("announced are the eight the wire has numbers for, in the order stock hosts use", () => {
  assert.deepEqual(ANNOUNCEABLE.map(permissionToWire), [0, 2, 3, 4, 5, 6, 7, 8]);
  for (const permission of ANNOUNCEABLE) {
    assert.equal(permissionFromWire(permissionToWire(permission) ?? assert.fail()), permission);
  }
  for (const permission of ["camera", "terminal", "tunnel"] as const)
    assert.equal(permissionToWire(permission), undefined);
  assert.equal(permissionFromWire(1 as never), undefined);
});
