import assert from "node:assert/strict";
import { test } from "node:test";
import { canReadDatagrams } from "@pulpit/net-linux";
import { datagrams, folder, LOCAL, started } from "../test/running.ts";

/** A Binding request as every WebRTC library sends it (RFC 8489, section 5): type, length, cookie, transaction. */
const request = Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

for (const path of canReadDatagrams() ? (["fast", "portable"] as const) : (["portable"] as const)) {
  test(`who asks by STUN on the ID server's port is told its own address (${path} path)`, async () => {
    using place = folder();
    await using server = await started(place.path, { datagramPath: path });
    const socket = await datagrams();
    const to = { host: LOCAL, port: server.ports.main };
    // What only looks like it, from before the cookie to its middle, is dropped, and the next one answered.
    for (const bad of [request.subarray(0, 19), request.with(5, 0), request.with(1, 2), request.with(0, 0x40)]) {
      socket.send(bad, to);
    }
    socket.send(request, to);
    const answer = Uint8Array.from((await socket.receive())?.data ?? assert.fail("no answer"));
    const view = new DataView(answer.buffer, answer.byteOffset);
    assert.equal(view.getUint16(0), 0x0101);
    assert.deepEqual(answer.subarray(4, 20), request.subarray(4));
    // One attribute: XOR-MAPPED-ADDRESS of IPv4.
    assert.deepEqual([view.getUint16(20), view.getUint16(22), view.getUint16(24)], [0x0020, 8, 1]);
    assert.equal(view.getUint16(26) ^ 0x2112, socket.localPort);
    assert.equal((view.getUint32(28) ^ 0x2112a442) >>> 0, 0x7f000001);
    await socket.close();
  });
}
