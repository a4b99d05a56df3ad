import assert from "node:assert/strict";
import { test } from "node:test";
import { type BoundLink, LinkError } from "@pulpit/link";
import { type DataChannel, PeerConnection } from "node-datachannel";
import { answerWebRtc } from "./webrtc.ts";

const timeout = 20_000;

/** A viewer that keeps to nothing, straight on the library, and the host's link to it. */
interface Stranger extends AsyncDisposable {
  readonly connection: PeerConnection;
  readonly channel: DataChannel;
  readonly link: BoundLink;
}

async function stranger(): Promise<Stranger> {
  const connection = new PeerConnection("", { iceServers: [], bindAddress: "127.0.0.1" });
  // Without it the library keeps the process.
  connection.onStateChange(() => undefined);
  const offer = Promise.withResolvers<string>();
  connection.onLocalDescription((sdp) => offer.resolve(sdp));
  const channel = connection.createDataChannel("anything");
  const closed = new Promise<void>((resolve) => channel.onClosed(resolve));
  const host = await answerWebRtc(await offer.promise, {
    iceServers: [],
    policy: "all",
    bindAddress: "127.0.0.1",
    limit: 1000,
    signal: new AbortController().signal,
    gathered: ({ candidate }) => connection.addRemoteCandidate(candidate, "0"),
  });
  connection.onLocalCandidate((candidate) =>
    host.add({ candidate: candidate.replace(/^a=/, ""), sdpMid: "0", sdpMLineIndex: 0, usernameFragment: null }),
  );
  connection.setRemoteDescription(host.description, "answer");
  const open = new Promise<void>((resolve) => channel.onOpen(resolve));
  const link = await host.opened;
  await open;
  return {
    connection,
    channel,
    link,
    async [Symbol.asyncDispose]() {
      await link.close(new Error("over"));
      channel.close();
      connection.close();
      await closed;
    },
  };
}

const failsWith = (code: string) => (error: unknown) => error instanceof LinkError && error.code === code;

test("the first channel is taken whatever it is called, and a second one is closed", { timeout }, async () => {
  await using it = await stranger();
  const second = it.connection.createDataChannel("second");
  await new Promise<void>((resolve) => second.onClosed(resolve));
  it.channel.sendMessageBinary(Uint8Array.of(0, 5));
  assert.deepEqual([...((await it.link.receive()) ?? [])], [5]);
});

test("text is not ours, and what is no fragment ends the connection on both sides", { timeout }, async () => {
  for (const [message, code] of [
    [Uint8Array.of(), "malformed"],
    [Uint8Array.of(9, 9), "malformed"],
    [new Uint8Array(1002), "too-large"],
  ] as const) {
    await using it = await stranger();
    it.channel.sendMessage("text");
    it.channel.sendMessageBinary(Uint8Array.of(0, 1));
    it.channel.sendMessageBinary(message);
    assert.equal((await it.link.receive())?.length, 1);
    await assert.rejects(it.link.receive(), failsWith(code));
  }
});

test("an end without a word is an end, inside a message it is a break", { timeout }, async () => {
  await using clean = await stranger();
  clean.channel.sendMessageBinary(Uint8Array.of(0, 1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  clean.connection.close();
  assert.equal((await clean.link.receive())?.length, 1);
  assert.equal(await clean.link.receive(), undefined);
  await using half = await stranger();
  half.channel.sendMessageBinary(Uint8Array.of(1, 1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  half.connection.close();
  await assert.rejects(half.link.receive(), failsWith("reset"));
});
